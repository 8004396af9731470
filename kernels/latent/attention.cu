// Latent attention (MLA, absorbed), bf16 or fp16, on tensor cores (sm_80 and later): prefill and decode.
// One block: RowTiles · 16 rows, which are (token, head) pairs with heads fastest, since all heads read the same keys; for
// single-token sequences one part of the keys. Per tile of keys: warps share the scores (by rows and keys, and where these are few by
// dimensions), then the rows of the softmax, then the columns of the output, through shared memory.
#include "attention/fragments.cuh"
#include "latent/arguments.cuh"

namespace sgl {

template <int RowTiles, int Keys, int Warps>
struct LatentShape {
    static constexpr int rows = RowTiles * 16, threads = Warps * kWarpSize;
    static constexpr int units = RowTiles * (Keys / 16);                // pieces of the scores of 16 rows by 16 keys
    static constexpr int parts = units < Warps ? Warps / units : 1;     // warps that share a piece, by dimensions
    static constexpr int score_stride = Keys + 8, weight_stride = Keys + 8;
    static constexpr int lanes = threads / rows;                        // threads that share a row of the softmax
    static_assert(threads % rows == 0 && lanes <= kWarpSize && Keys % lanes == 0, "each row of the softmax needs equal shares");
    static_assert(units % Warps == 0 || Warps % units == 0, "warps must divide evenly");
};

template <class T, int Rank, int Rope, int PageSize, int RowTiles, int Keys, int Warps>
__global__ void __launch_bounds__(Warps * kWarpSize, 1) latent_attention(const __grid_constant__ LatentArgs args)
{
    begin_kernel();
    using Shape = LatentShape<RowTiles, Keys, Warps>;
    constexpr int width = Rank + Rope, stride = kRowStride<width>, steps = kPaddedDim<width> / 16;
    constexpr int rows = Shape::rows, threads = Shape::threads, columns = Rank / Warps;
    static_assert(Rank % (16 * Warps) == 0 && Rope % kVector == 0, "warps share the output by 16 columns");
    const AttentionArgs& a = args.attention;
    SGL_DYNAMIC_SHARED(shared);
    T* query_tile = reinterpret_cast<T*>(shared);
    T* key_tiles = query_tile + rows * stride;                                      // [2][Keys][stride]
    T* weights = key_tiles + 2 * Keys * stride;                                     // [rows][weight_stride]
    float* scores = reinterpret_cast<float*>(weights + rows * Shape::weight_stride);  // [parts][rows][score_stride]
    float* shrinks = scores + Shape::parts * rows * Shape::score_stride;            // [rows]
    const int thread = threadIdx.x, warp = thread / kWarpSize, lane = thread % kWarpSize;

    QueryTile tile;
    int split;
    if (!find_latent_tile<rows>(args, blockIdx.x, tile, split)) return;
    const int last_row = min(tile.first_row + rows, tile.rows) - 1;
    const int tile_end = tile.position(last_row, a.group) + 1;
    const KeyRange range(a, tile.kv_length, split, 0, tile_end);
    if (range.is_empty()) return;
    const int begin = range.begin, end = range.end;
    const bool whole = range.whole;

    const PagedRows<T, width, PageSize> key_rows(a, tile.sequence, 0, false);
    clear_padding<T, width>(query_tile, rows + 2 * Keys, thread, threads);
    for (int work = thread; work < rows * (width / kVector); work += threads) {
        const int local = work / (width / kVector), column = work % (width / kVector) * kVector;
        const int row = tile.first_row + local;
        const i64 token = tile.query_start + row / a.group, head = row % a.group;
        const T* source = column < Rank
            ? static_cast<const T*>(a.query) + token * a.query_token + head * a.query_head + column
            : static_cast<const T*>(args.query_rope) + token * args.rope_token + head * args.rope_head + (column - Rank);
        const bool valid = row <= last_row;
        copy_async_16(query_tile + local * stride + column, valid ? source : static_cast<const T*>(a.query), valid);
    }
    copy_rows_async<Keys>(key_tiles, key_rows, begin, begin, end, thread, threads);
    copy_async_commit();

    // This thread's row of the softmax.
    const int soft_row = thread / Shape::lanes, soft_lane = thread % Shape::lanes;
    const int soft_position = tile.position(min(tile.first_row + soft_row, last_row), a.group);
    float maximum = negative_infinity(), sum = 0;
    float output[RowTiles][columns / 8][4] = {};
    int stage = 0;
    for (int first = begin; first < end; first += Keys, stage ^= 1) {
        copy_async_wait<0>();
        __syncthreads();   // keys have arrived, and no warp still reads the tile before
        if (first + Keys < end) {
            copy_rows_async<Keys>(key_tiles + (stage ^ 1) * Keys * stride, key_rows, first + Keys, begin, end, thread, threads);
            copy_async_commit();
        }
        const T* keys = key_tiles + stage * Keys * stride;

#pragma unroll
        for (int u = 0; u < ceil_div(Shape::units, Warps); u++) {
            const int unit = (warp + u * Warps) % Shape::units, part = Shape::parts == 1 ? 0 : warp / Shape::units;
            const int row_tile = unit % RowTiles, key_tile = unit / RowTiles;
            const T* q_from = query_tile + (row_tile * 16 + (lane & 15)) * stride + (lane >> 4) * 8;
            const T* k_from = keys + (key_tile * 16 + (lane & 7) + (lane >> 4) * 8) * stride + (lane >> 3 & 1) * 8;
            float score[2][4] = {};
            const int last = (part + 1) * steps / Shape::parts;
#pragma unroll 4
            for (int step = part * steps / Shape::parts; step < last; step++) {
                u32 q[4], k[4];
                load_matrix_x4(q, q_from + step * 16);
                load_matrix_x4(k, k_from + step * 16);
                mma_16x8x16<T>(score[0], q, k[0], k[1]);
                mma_16x8x16<T>(score[1], q, k[2], k[3]);
            }
            float* to = scores + (part * rows + row_tile * 16 + lane / 4) * Shape::score_stride + key_tile * 16 + lane % 4 * 2;
#pragma unroll
            for (int n = 0; n < 2; n++) {
                *reinterpret_cast<float2*>(to + n * 8) = make_float2(score[n][0], score[n][1]);
                *reinterpret_cast<float2*>(to + 8 * Shape::score_stride + n * 8) = make_float2(score[n][2], score[n][3]);
            }
        }
        __syncthreads();

        constexpr int each = Keys / Shape::lanes;
        float score[each];
        float top = maximum;
#pragma unroll
        for (int i = 0; i < each; i++) {
            const int key = i * Shape::lanes + soft_lane;
            float value = 0;
#pragma unroll
            for (int part = 0; part < Shape::parts; part++) value += scores[(part * rows + soft_row) * Shape::score_stride + key];
            score[i] = first + key < end && first + key <= soft_position ? scaled_score<false>(a, value) : negative_infinity();
            top = fmaxf(top, score[i]);
        }
#pragma unroll
        for (int offset = Shape::lanes / 2; offset > 0; offset /= 2) top = fmaxf(top, __shfl_xor_sync(kFullWarp, top, offset));
        // A row that has seen no key yet: any finite base gives weights of zero.
        const float base = top == negative_infinity() ? 0.0f : top;
        const float shrink = fast_exp2(maximum - base);
        maximum = top;
        sum *= shrink;
#pragma unroll
        for (int i = 0; i < each; i++) {
            const float weight = fast_exp2(score[i] - base);
            sum += weight;
            weights[soft_row * Shape::weight_stride + i * Shape::lanes + soft_lane] = from_float<T>(weight);
        }
        if (soft_lane == 0) shrinks[soft_row] = shrink;
        __syncthreads();

#pragma unroll
        for (int r = 0; r < RowTiles; r++) {
            const float upper = shrinks[r * 16 + lane / 4], lower = shrinks[r * 16 + lane / 4 + 8];
            if (__any_sync(kFullWarp, upper != 1.0f || lower != 1.0f))
#pragma unroll
                for (int d = 0; d < columns / 8; d++) {
                    output[r][d][0] *= upper;
                    output[r][d][1] *= upper;
                    output[r][d][2] *= lower;
                    output[r][d][3] *= lower;
                }
        }
        const T* v_from = keys + (lane & 15) * stride + warp * columns + (lane >> 4) * 8;
#pragma unroll
        for (int k = 0; k < Keys / 16; k++) {
            u32 w[RowTiles][4];
#pragma unroll
            for (int r = 0; r < RowTiles; r++)
                load_matrix_x4(w[r], weights + (r * 16 + (lane & 15)) * Shape::weight_stride + k * 16 + (lane >> 4) * 8);
#pragma unroll
            for (int d = 0; d < columns / 16; d++) {
                u32 v[4];
                load_matrix_x4_transposed(v, v_from + k * 16 * stride + d * 16);
#pragma unroll
                for (int r = 0; r < RowTiles; r++) {
                    mma_16x8x16<T>(output[r][2 * d], w[r], v[0], v[1]);
                    mma_16x8x16<T>(output[r][2 * d + 1], w[r], v[2], v[3]);
                }
            }
        }
    }
    copy_async_wait<0>();
#pragma unroll
    for (int offset = Shape::lanes / 2; offset > 0; offset /= 2) sum += __shfl_xor_sync(kFullWarp, sum, offset);
    __syncthreads();   // the shrinks' memory now holds the rows' sums
    if (soft_lane == 0) {
        shrinks[soft_row] = sum;
        const int row = tile.first_row + soft_row;
        if (!whole && row <= last_row) {
            const i64 part = (static_cast<i64>(tile.sequence) * a.query_heads + row) * a.splits + split;
            a.partial_lse[part] = (maximum == negative_infinity() ? 0.0f : maximum) + log2f(sum);
        }
    }
    __syncthreads();
#pragma unroll
    for (int r = 0; r < RowTiles; r++)
#pragma unroll
        for (int half = 0; half < 2; half++) {
            const int local = r * 16 + lane / 4 + 8 * half, row = tile.first_row + local;
            if (row > last_row) continue;
            const float total = shrinks[local], inverse = total > 0 ? 1.0f / total : 0.0f;
            const int column = warp * columns + lane % 4 * 2;
            if (!whole) {
                float* out = a.partial + ((static_cast<i64>(tile.sequence) * a.query_heads + row) * a.splits + split) * Rank + column;
#pragma unroll
                for (int d = 0; d < columns / 8; d++)
                    *reinterpret_cast<float2*>(out + d * 8) = make_float2(output[r][d][2 * half] * inverse, output[r][d][2 * half + 1] * inverse);
            } else {
                const i64 token = tile.query_start + row / a.group;
                T* out = static_cast<T*>(a.output) + (token * a.query_heads + row % a.group) * Rank + column;
#pragma unroll
                for (int d = 0; d < columns / 8; d++)
                    *reinterpret_cast<u32*>(out + d * 8) = pack<T>(output[r][d][2 * half] * inverse, output[r][d][2 * half + 1] * inverse);
            }
        }
}

}  // namespace sgl
