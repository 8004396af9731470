// What attention over a cache begins with, in one pass over a step's queries, keys and values: rotates the first `rotated` dimensions of
// every head of q and k, writes q in the type of attention's operands, and k and v into the layer's cache
// [page][K|V][head][token in page][dim] at slot = page · page size + offset.
#include "include/sgl/vector.cuh"

namespace sgl {

struct RotateAndStoreArgs {
    const void* query;
    const void* key;
    const void* value;
    void* output;           // [tokens, query heads, head dim], contiguous
    void* cache;
    const i32* positions;
    const float* cos_sin;   // [table rows, rotated]: rotated / 2 cosines, then as many sines
    const i32* slots;       // negative: the token's key and value go nowhere
    i64 query_token, query_head;   // strides in elements
    i64 key_token, key_head;
    i64 value_token, value_head;
    i64 cos_sin_stride;
    i64 page_stride;
    i32 query_heads;
    i32 key_heads;
    i32 head_dim;
    i32 rotated;
    i32 table_rows;
    i32 page_size;
    i32 pages;
    i32 aligned;
};

// grid (tokens, pieces of a token's work): a thread takes eight pairs to rotate, or eight elements to copy.
template <class In, class Query, class Cache, bool Interleaved>
__global__ void rotate_and_store(const __grid_constant__ RotateAndStoreArgs a)
{
    begin_kernel();
    const int half = a.rotated / 2, turns = ceil_div(half, kVector);
    const int per_head = turns + ceil_div(a.head_dim - a.rotated, kVector), copies = ceil_div(a.head_dim, kVector);
    const int turned_heads = a.query_heads + a.key_heads;
    const i64 token = blockIdx.x;
    int work = blockIdx.y * blockDim.x + threadIdx.x;
    int head, piece;
    if (work < turned_heads * per_head) {
        head = work / per_head;
        piece = work % per_head;
    } else {
        work -= turned_heads * per_head;
        if (work >= a.key_heads * copies) return;
        head = turned_heads + work / copies;
        piece = work % copies;
    }

    const bool is_query = head < a.query_heads, is_value = head >= turned_heads;
    const In* source;
    Cache* stored = nullptr;
    Query* output = nullptr;
    if (is_query) {
        source = static_cast<const In*>(a.query) + token * a.query_token + head * a.query_head;
        output = static_cast<Query*>(a.output) + (token * a.query_heads + head) * a.head_dim;
    } else {
        const i32 slot = a.slots[token];
        if (slot < 0) return;
        const i32 page = slot / a.page_size, offset = slot % a.page_size;
        if (page >= a.pages) return;
        const int row = head - a.query_heads;   // part · heads + head, which is also the order in the page
        source = is_value ? static_cast<const In*>(a.value) + token * a.value_token + (head - turned_heads) * a.value_head
                          : static_cast<const In*>(a.key) + token * a.key_token + row * a.key_head;
        stored = static_cast<Cache*>(a.cache) + page * a.page_stride + (static_cast<i64>(row) * a.page_size + offset) * a.head_dim;
    }
    const auto store = [&](int column, const float (&v)[kVector], int count) {
        if (is_query) store_vector(output + column, v, count, a.aligned);
        else store_vector(stored + column, v, count, a.aligned);
    };

    float low[kVector];
    if (is_value || piece >= turns) {
        const int column = is_value ? piece * kVector : a.rotated + (piece - turns) * kVector;
        load_vector(source + column, low, a.head_dim - column, a.aligned);
        store(column, low, a.head_dim - column);
        return;
    }
    // A position beyond the table is a caller's defect; it must not become a fault of the device.
    const u32 position = min(static_cast<u32>(a.positions[token]), static_cast<u32>(a.table_rows - 1));
    const float* cosines = a.cos_sin + position * a.cos_sin_stride + piece * kVector;
    const int pairs = min(kVector, half - piece * kVector);
    float high[kVector], cosine[kVector], sine[kVector];
    load_vector(cosines, cosine, pairs, a.aligned);
    load_vector(cosines + half, sine, pairs, a.aligned);
    if constexpr (Interleaved) {
        const int column = piece * 2 * kVector, first = min(kVector, 2 * pairs);
        load_vector(source + column, low, first, a.aligned);
        load_vector(source + column + kVector, high, 2 * pairs - first, a.aligned);
#pragma unroll
        for (int i = 0; i < kVector; i += 2) {
            const float x = low[i], y = low[i + 1], z = high[i], w = high[i + 1];
            low[i] = x * cosine[i / 2] - y * sine[i / 2];
            low[i + 1] = y * cosine[i / 2] + x * sine[i / 2];
            high[i] = z * cosine[(i + kVector) / 2] - w * sine[(i + kVector) / 2];
            high[i + 1] = w * cosine[(i + kVector) / 2] + z * sine[(i + kVector) / 2];
        }
        store(column, low, first);
        store(column + kVector, high, 2 * pairs - first);
    } else {
        const int column = piece * kVector;
        load_vector(source + column, low, pairs, a.aligned);
        load_vector(source + column + half, high, pairs, a.aligned);
#pragma unroll
        for (int i = 0; i < kVector; i++) {
            const float x = low[i], y = high[i];
            low[i] = x * cosine[i] - y * sine[i];
            high[i] = y * cosine[i] + x * sine[i];
        }
        store(column, low, pairs);
        store(column + half, high, pairs);
    }
}

}  // namespace sgl
