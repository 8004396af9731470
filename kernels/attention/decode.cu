// Attention of sequences that bring one token each, bf16 or fp16, on tensor cores (sm_80 and later).
// One block: 16 query heads of one kv head (fewer when the group is smaller), one part of a sequence's keys. Its warps take turns at
// tiles of 16 keys, each with its own pipeline of copies and no barrier, and merge at the end. Parts are merged by combine_splits.
#include "attention/fragments.cuh"

namespace sgl {

template <class T, int HeadDim, int PageSize, int Warps, int Stages, bool SoftCap>
__global__ void __launch_bounds__(Warps * kWarpSize) decode_attention(const __grid_constant__ AttentionArgs a)
{
    begin_kernel();
    constexpr int keys = 16, stride = kRowStride<HeadDim>, threads = Warps * kWarpSize;
    SGL_DYNAMIC_SHARED(shared);
    __shared__ float warp_maximum[Warps][16], warp_sum[Warps][16];
    T* query_tile = reinterpret_cast<T*>(shared);
    const int thread = threadIdx.x, warp = thread / kWarpSize, lane = thread % kWarpSize;
    T* warp_tiles = query_tile + (1 + warp * Stages * 2) * keys * stride;   // Stages × (keys, values)

    const int split = blockIdx.x % a.splits;
    int rest = blockIdx.x / a.splits;
    const int row_tiles = ceil_div(a.group, 16);
    const int first_row = rest % row_tiles * 16;
    rest /= row_tiles;
    const int kv_head = rest % a.kv_heads, sequence = rest / a.kv_heads;
    const int query_start = a.query_start[sequence];
    if (a.query_start[sequence + 1] - query_start != 1) return;
    const int kv_length = a.kv_lengths[sequence];
    const int lowest = first_key(a, kv_length - 1);
    const KeyRange range(a, kv_length, split, lowest, kv_length);
    if (range.is_empty()) return;
    const int begin = range.begin, end = range.end;

    const PagedRows<T, HeadDim, PageSize> key_rows(a, sequence, kv_head, false), value_rows(a, sequence, kv_head, true);
    clear_padding<T, HeadDim>(query_tile, (1 + Warps * Stages * 2) * keys, thread, threads);
    copy_query_async<keys, T, HeadDim>(query_tile, a, query_start, first_row, a.group, kv_head, thread, threads);
    copy_async_commit();

    // Tiles start at multiples of 16, so that with pages of 16 and more a tile lies in one page.
    const int first_tile = begin / keys + warp, tile_end = ceil_div(end, keys);
    const auto start_copy = [&](int tile, int stage) {
        if (tile < tile_end) {
            T* to = warp_tiles + stage * 2 * keys * stride;
            copy_rows_async<keys>(to, key_rows, tile * keys, begin, end, lane, kWarpSize);
            copy_rows_async<keys>(to + keys * stride, value_rows, tile * keys, begin, end, lane, kWarpSize);
        }
        copy_async_commit();   // empty groups keep the count of what is pending the same
    };
#pragma unroll
    for (int stage = 0; stage < Stages - 1; stage++) start_copy(first_tile + stage * Warps, stage);
    copy_async_wait<Stages - 1>();
    __syncthreads();   // the query has arrived

    WarpAttention<T, HeadDim> state;
    state.load_query(query_tile);
    int stage = 0;
    for (int tile = first_tile; tile < tile_end; tile += Warps) {
        copy_async_wait<Stages - 2>();
        __syncwarp();   // every lane's copies of this tile have arrived, and the stage refilled next is no longer read
        start_copy(tile + (Stages - 1) * Warps, stage == 0 ? Stages - 1 : stage - 1);
        const T* key_tile = warp_tiles + stage * 2 * keys * stride;

        float scores[keys / 8][4];
        state.template multiply_keys<keys>(scores, query_tile, key_tile);
        const bool whole = tile * keys >= begin && (tile + 1) * keys <= end;
#pragma unroll
        for (int n = 0; n < keys / 8; n++)
#pragma unroll
            for (int i = 0; i < 4; i++) {
                const int key = tile * keys + n * 8 + lane % 4 * 2 + i % 2;
                scores[n][i] = whole || (key >= begin && key < end) ? scaled_score<SoftCap>(a, scores[n][i]) : negative_infinity();
            }
        state.template soften<keys>(scores);
        state.template multiply_values<keys>(scores, key_tile + keys * stride);
        stage = stage + 1 == Stages ? 0 : stage + 1;
    }
    state.finish();
    copy_async_wait<0>();
    __syncthreads();   // the tiles' memory now holds the warps' outputs: [warp][16][HeadDim] float32

    float* outputs = reinterpret_cast<float*>(query_tile + keys * stride);
    static_assert(Stages * 2 * keys * stride * sizeof(T) >= 16 * HeadDim * sizeof(float), "the warps' outputs must fit the tiles");
    const int rows = min(16, a.group - first_row);
#pragma unroll
    for (int r = 0; r < 2; r++) {
        const int row = lane / 4 + 8 * r;
        if (lane % 4 == 0) {
            warp_maximum[warp][row] = state.maximum[r];
            warp_sum[warp][row] = state.sum[r];
        }
        if (row >= rows) continue;
        float* out = outputs + (warp * 16 + row) * HeadDim + lane % 4 * 2;
#pragma unroll
        for (int d = 0; d < HeadDim / 8; d++) {
            out[d * 8] = state.output[d][2 * r];
            out[d * 8 + 1] = state.output[d][2 * r + 1];
        }
    }
    __syncthreads();

    for (int work = thread; work < rows * HeadDim; work += threads) {
        const int row = work / HeadDim, d = work % HeadDim;
        float top = negative_infinity();
#pragma unroll
        for (int w = 0; w < Warps; w++) top = fmaxf(top, warp_maximum[w][row]);
        const float base = top == negative_infinity() ? 0.0f : top;
        float sum = 0, value = 0;
#pragma unroll
        for (int w = 0; w < Warps; w++) {
            const float weight = fast_exp2(warp_maximum[w][row] - base);
            sum += weight * warp_sum[w][row];
            value += weight * outputs[(w * 16 + row) * HeadDim + d];
        }
        const int head = kv_head * a.group + first_row + row;
        // Several parts leave the sink to combine_splits; what is whole already is none of its business.
        value *= range.whole ? softmax_share(a, head, base, sum) : sum > 0 ? 1.0f / sum : 0.0f;
        if (range.whole) {
            static_cast<T*>(a.output)[(static_cast<i64>(query_start) * a.query_heads + head) * HeadDim + d] = from_float<T>(value);
        } else {
            const i64 part = (static_cast<i64>(sequence) * a.query_heads + head) * a.splits + split;
            a.partial[part * HeadDim + d] = value;
            if (d == 0) a.partial_lse[part] = base + log2f(sum);
        }
    }
}

}  // namespace sgl
