// Writes keys and values of a step into a layer's cache [page][K|V][head][token in page][dim] at slot = page · page size + offset.
#include "include/sgl/vector.cuh"

namespace sgl {

struct StoreKvArgs {
    const void* key;
    const void* value;
    void* cache;
    const i32* slots;
    i64 key_token, key_head;       // strides in elements
    i64 value_token, value_head;
    i64 page_stride;
    i32 heads;
    i32 head_dim;
    i32 page_size;
    i32 pages;
    i32 aligned;
};

// grid (tokens), a thread per vector of either part.
template <class In, class Out>
__global__ void store_kv(const __grid_constant__ StoreKvArgs a)
{
    begin_kernel();
    const i64 token = blockIdx.x;
    const i32 slot = a.slots[token];
    if (slot < 0) return;
    const i32 page = slot / a.page_size, offset = slot % a.page_size;
    if (page >= a.pages) return;
    const int vectors = (a.head_dim + kVector - 1) / kVector;
    Out* base = static_cast<Out*>(a.cache) + page * a.page_stride;
    for (int work = threadIdx.x; work < 2 * a.heads * vectors; work += blockDim.x) {
        const int column = work % vectors * kVector;
        const int row = work / vectors;   // part · heads + head, which is also the order in the page
        const bool is_value = row >= a.heads;
        const int head = is_value ? row - a.heads : row;
        const In* source = is_value
            ? static_cast<const In*>(a.value) + token * a.value_token + head * a.value_head
            : static_cast<const In*>(a.key) + token * a.key_token + head * a.key_head;
        float v[kVector];
        load_vector(source + column, v, a.head_dim - column, a.aligned);
        store_vector(base + (static_cast<i64>(row) * a.page_size + offset) * a.head_dim + column, v, a.head_dim - column, a.aligned);
    }
}

}  // namespace sgl
