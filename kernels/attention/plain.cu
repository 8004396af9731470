// Attention without tensor cores, in float32 throughout: for float32 models, where rounding products to 10 bits is not allowed, and
// for queries and caches of different types. Both prefill and decode; a single-token sequence may be cut into parts.
// One block: 16 packed query rows of one kv head against tiles of 32 keys; eight lanes share a row.
#include "attention/plain_row.cuh"

namespace sgl {

template <class Q, class T, int HeadDim, int PageSize, bool SoftCap>
__global__ void __launch_bounds__(128, 1) plain_attention(const __grid_constant__ AttentionArgs a)
{
    begin_kernel();
    constexpr int rows = 16, keys = 32, threads = rows * kRowLanes;
    using Row = PlainRow<HeadDim, HeadDim, keys>;
    constexpr int stride = Row::stride;
    SGL_DYNAMIC_SHARED(shared);
    float* query_tile = reinterpret_cast<float*>(shared);
    float* key_tile = query_tile + rows * stride;
    float* value_tile = key_tile + keys * stride;
    float* weight_tile = value_tile + keys * stride;         // [rows][keys + 1]

    const int split = blockIdx.x % a.splits;
    const int kv_head = blockIdx.x / a.splits % a.kv_heads;
    QueryTile tile;
    if (!find_tile<rows>(a, blockIdx.x / a.splits / a.kv_heads, tile)) return;
    const int last_row = min(tile.first_row + rows, tile.rows) - 1;
    const int tile_first = first_key(a, tile.position(tile.first_row, a.group)), tile_end = tile.position(last_row, a.group) + 1;
    const KeyRange range(a, tile.kv_length, split, tile_first, tile_end);
    if (range.is_empty()) return;
    const int begin = range.begin, end = range.end;
    const bool whole = range.whole;

    const int thread = threadIdx.x, r = thread / kRowLanes;
    for (int work = thread; work < rows * (HeadDim / kVector); work += threads) {
        const int local = work / (HeadDim / kVector), column = work % (HeadDim / kVector) * kVector;
        const int row = min(tile.first_row + local, last_row);
        const int token = tile.query_start + row / a.group, head = kv_head * a.group + row % a.group;
        float v[kVector];
        load_vector(static_cast<const Q*>(a.query) + token * a.query_token + head * a.query_head + column, v, kVector, true);
        store_vector(query_tile + local * stride + column, v, kVector, true);
    }
    const PagedRows<T, HeadDim, PageSize> key_rows(a, tile.sequence, kv_head, false), value_rows(a, tile.sequence, kv_head, true);
    const int row = tile.first_row + r;
    const int position = tile.position(min(row, last_row), a.group), lowest = first_key(a, position);

    Row state;
    for (int first = begin; first < end; first += keys) {
        __syncthreads();   // no thread still reads the tiles before
        for (int work = thread; work < keys * (HeadDim / kVector); work += threads) {
            const int local = work / (HeadDim / kVector), column = work % (HeadDim / kVector) * kVector;
            const int count = first + local < end ? kVector : 0;
            const int key = min(first + local, end - 1);
            float v[kVector];
            load_vector(key_rows.row(key) + column, v, count, true);
            store_vector(key_tile + local * stride + column, v, kVector, true);
            load_vector(value_rows.row(key) + column, v, count, true);
            store_vector(value_tile + local * stride + column, v, kVector, true);
        }
        __syncthreads();

        state.template attend<SoftCap>(
            a, query_tile + r * stride, key_tile, value_tile, weight_tile + r * (keys + 1), first, lowest, min(end, position + 1));
    }
    state.finish();
    if (row > last_row) return;

    const int head = kv_head * a.group + row % a.group;
    // Several parts leave the sink to combine_splits.
    const float share = whole ? softmax_share(a, head, state.maximum, state.sum) : state.sum > 0 ? 1.0f / state.sum : 0.0f;
    state.template write<Q>(a, tile.query_start + row / a.group, tile.sequence, head, split, whole, share);
}

}  // namespace sgl
