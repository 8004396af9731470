// Causal attention of many queries over a paged cache, bf16 or fp16, on tensor cores (sm_80 and later).
// One block: Warps · 16 packed query rows of one kv head; keys and values pass through shared memory in tiles of Keys, the copy of
// one running while the other is used. Softmax is online and in float32.
#include "attention/fragments.cuh"

namespace sgl {

template <class T, int HeadDim, int PageSize, int Warps, int Keys, bool SoftCap>
__global__ void __launch_bounds__(Warps * kWarpSize, 1) prefill_attention(const __grid_constant__ AttentionArgs a)
{
    begin_kernel();
    constexpr int rows = Warps * 16, threads = Warps * kWarpSize, stride = kRowStride<HeadDim>;
    SGL_DYNAMIC_SHARED(shared);
    T* query_tile = reinterpret_cast<T*>(shared);
    T* key_tile = query_tile + rows * stride;
    T* value_tile = key_tile + Keys * stride;
    const int thread = threadIdx.x, warp = thread / kWarpSize, lane = thread % kWarpSize;

    const int kv_head = blockIdx.x % a.kv_heads;
    QueryTile tile;
    if (!find_tile<rows>(a, blockIdx.x / a.kv_heads, tile)) return;
    const int last_row = min(tile.first_row + rows, tile.rows) - 1;
    const int end = tile.position(last_row, a.group) + 1;
    const int begin = first_key(a, tile.position(tile.first_row, a.group));
    const int first_tile = begin / Keys * Keys;
    const PagedRows<T, HeadDim, PageSize> key_rows(a, tile.sequence, kv_head, false), value_rows(a, tile.sequence, kv_head, true);

    clear_padding<T, HeadDim>(query_tile, rows + 2 * Keys, thread, threads);
    copy_query_async<rows, T, HeadDim>(query_tile, a, tile.query_start, tile.first_row, tile.rows, kv_head, thread, threads);
    if (first_tile < end) copy_rows_async<Keys>(key_tile, key_rows, first_tile, begin, end, thread, threads);
    copy_async_commit();

    // Rows past the sequence's last look at what the last one sees and are not written.
    const int warp_row = tile.first_row + warp * 16;
    int position[2];
    position[0] = tile.position(min(warp_row + lane / 4, last_row), a.group);
    position[1] = tile.position(min(warp_row + lane / 4 + 8, last_row), a.group);
    const int lowest = tile.position(min(warp_row, last_row), a.group), highest = tile.position(min(warp_row + 15, last_row), a.group);
    const T* warp_query = query_tile + warp * 16 * stride;

    WarpAttention<T, HeadDim> state;
    for (int first = first_tile; first < end; first += Keys) {
        copy_async_wait<0>();
        __syncthreads();   // keys have arrived, and no warp still reads the values before
        if (first == first_tile) state.load_query(warp_query);
        copy_rows_async<Keys>(value_tile, value_rows, first, begin, end, thread, threads);
        copy_async_commit();

        float scores[Keys / 8][4];
        state.template multiply_keys<Keys>(scores, warp_query, key_tile);
        const bool whole = first + Keys - 1 <= lowest && first >= first_key(a, highest);
#pragma unroll
        for (int n = 0; n < Keys / 8; n++)
#pragma unroll
            for (int i = 0; i < 4; i++) scores[n][i] = scaled_score<SoftCap>(a, scores[n][i]);
        if (!whole) {
#pragma unroll
            for (int n = 0; n < Keys / 8; n++)
#pragma unroll
                for (int i = 0; i < 4; i++) {
                    const int key = first + n * 8 + lane % 4 * 2 + i % 2;
                    if (key > position[i / 2] || key < first_key(a, position[i / 2])) scores[n][i] = negative_infinity();
                }
        }
        state.template soften<Keys>(scores);

        copy_async_wait<0>();
        __syncthreads();   // values have arrived, and no warp still reads the keys
        if (first + Keys < end) {
            copy_rows_async<Keys>(key_tile, key_rows, first + Keys, begin, end, thread, threads);
            copy_async_commit();
        }
        state.template multiply_values<Keys>(scores, value_tile);
    }
    copy_async_wait<0>();
    state.finish();

#pragma unroll
    for (int r = 0; r < 2; r++) {
        const int row = warp_row + lane / 4 + 8 * r;
        if (row > last_row) continue;
        const i64 token = tile.query_start + row / a.group;
        const int head = kv_head * a.group + row % a.group;
        T* out = static_cast<T*>(a.output) + (token * a.query_heads + head) * HeadDim + lane % 4 * 2;
        const float inverse = softmax_share(a, head, state.maximum[r], state.sum[r]);
#pragma unroll
        for (int d = 0; d < HeadDim / 8; d++)
            *reinterpret_cast<u32*>(out + d * 8) = pack<T>(state.output[d][2 * r] * inverse, state.output[d][2 * r + 1] * inverse);
    }
}

}  // namespace sgl
