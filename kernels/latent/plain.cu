// Latent attention without tensor cores, in float32 throughout: for float32 models, for queries and caches of different types, and for
// ranks that tensor cores cannot divide. One block: 16 rows, which are (token, head) pairs, against tiles of 16 keys, whose first Rank
// elements are the values; eight lanes share a row.
#include "attention/plain_row.cuh"
#include "latent/arguments.cuh"

namespace sgl {

template <class Q, class T, int Rank, int Rope, int PageSize>
__global__ void __launch_bounds__(128) plain_latent_attention(const __grid_constant__ LatentArgs args)
{
    begin_kernel();
    constexpr int rows = 16, keys = 16, threads = rows * kRowLanes, width = Rank + Rope;
    using Row = PlainRow<width, Rank, keys>;
    constexpr int stride = Row::stride;
    const AttentionArgs& a = args.attention;
    SGL_DYNAMIC_SHARED(shared);
    float* query_tile = reinterpret_cast<float*>(shared);
    float* key_tile = query_tile + rows * stride;
    float* weight_tile = key_tile + keys * stride;         // [rows][keys + 1]

    QueryTile tile;
    int split;
    if (!find_latent_tile<rows>(args, blockIdx.x, tile, split)) return;
    const int last_row = min(tile.first_row + rows, tile.rows) - 1;
    const int tile_end = tile.position(last_row, a.group) + 1;
    const KeyRange range(a, tile.kv_length, split, 0, tile_end);
    if (range.is_empty()) return;
    const int begin = range.begin, end = range.end;
    const bool whole = range.whole;

    const int thread = threadIdx.x, r = thread / kRowLanes;
    for (int work = thread; work < rows * (width / kVector); work += threads) {
        const int local = work / (width / kVector), column = work % (width / kVector) * kVector;
        const int row = min(tile.first_row + local, last_row);
        const i64 token = tile.query_start + row / a.group, head = row % a.group;
        const Q* source = column < Rank
            ? static_cast<const Q*>(a.query) + token * a.query_token + head * a.query_head + column
            : static_cast<const Q*>(args.query_rope) + token * args.rope_token + head * args.rope_head + (column - Rank);
        float v[kVector];
        load_vector(source, v, kVector, true);
        store_vector(query_tile + local * stride + column, v, kVector, true);
    }
    const PagedRows<T, width, PageSize> key_rows(a, tile.sequence, 0, false);
    const int row = tile.first_row + r, position = tile.position(min(row, last_row), a.group);

    Row state;
    for (int first = begin; first < end; first += keys) {
        __syncthreads();   // no thread still reads the tile before
        for (int work = thread; work < keys * (width / kVector); work += threads) {
            const int local = work / (width / kVector), column = work % (width / kVector) * kVector;
            float v[kVector];
            load_vector(key_rows.row(min(first + local, end - 1)) + column, v, first + local < end ? kVector : 0, true);
            store_vector(key_tile + local * stride + column, v, kVector, true);
        }
        __syncthreads();

        state.template attend<false>(a, query_tile + r * stride, key_tile, key_tile, weight_tile + r * (keys + 1), first, 0, min(end, position + 1));
    }
    state.finish();
    if (row > last_row) return;
    const float share = state.sum > 0 ? 1.0f / state.sum : 0.0f;
    state.template write<Q>(a, tile.query_start + row / a.group, tile.sequence, row % a.group, split, whole, share);
}

}  // namespace sgl
