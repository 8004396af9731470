// Attention without tensor cores, in float32 throughout: for float32 models, where rounding products to 10 bits is not allowed, and
// for queries and caches of different types. Both prefill and decode; a single-token sequence may be cut into parts.
// One block: 16 packed query rows of one kv head against tiles of 32 keys; eight lanes share a row.
#include "attention/arguments.cuh"

namespace sgl {

template <class Q, class T, int HeadDim, int PageSize, bool SoftCap>
__global__ void __launch_bounds__(128, 1) plain_attention(const __grid_constant__ AttentionArgs a)
{
    begin_kernel();
    constexpr int rows = 16, keys = 32, lanes = 8, threads = rows * lanes;
    constexpr int stride = HeadDim + 4;                      // of query and key rows, in floats
    constexpr int columns = ceil_div(HeadDim, lanes * 4);    // groups of four output columns per lane
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

    const int thread = threadIdx.x, r = thread / lanes, lane = thread % lanes;
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

    float output[columns][4] = {};
    float maximum = negative_infinity(), sum = 0;
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

        float scores[keys / lanes] = {};
        for (int d = 0; d < HeadDim; d += 4) {
            const float4 q = *reinterpret_cast<const float4*>(query_tile + r * stride + d);
#pragma unroll
            for (int j = 0; j < keys / lanes; j++) {
                const float4 k = *reinterpret_cast<const float4*>(key_tile + (j * lanes + lane) * stride + d);
                scores[j] += q.x * k.x + q.y * k.y + q.z * k.z + q.w * k.w;
            }
        }
        float top = maximum;
#pragma unroll
        for (int j = 0; j < keys / lanes; j++) {
            const int key = first + j * lanes + lane;
            scores[j] = key < end && key <= position && key >= lowest ? scaled_score<SoftCap>(a, scores[j]) : negative_infinity();
            top = fmaxf(top, scores[j]);
        }
#pragma unroll
        for (int offset = lanes / 2; offset > 0; offset /= 2) top = fmaxf(top, __shfl_xor_sync(kFullWarp, top, offset));
        const float base = top == negative_infinity() ? 0.0f : top;
        const float shrink = exp2f(maximum - base);
        maximum = top;
        sum *= shrink;
#pragma unroll
        for (int c = 0; c < columns; c++)
#pragma unroll
            for (int i = 0; i < 4; i++) output[c][i] *= shrink;
#pragma unroll
        for (int j = 0; j < keys / lanes; j++) {
            const float weight = exp2f(scores[j] - base);
            sum += weight;
            weight_tile[r * (keys + 1) + j * lanes + lane] = weight;
        }
        __syncwarp();   // a row's eight lanes are in one warp
        for (int k = 0; k < keys; k++) {
            const float weight = weight_tile[r * (keys + 1) + k];
#pragma unroll
            for (int c = 0; c < columns; c++) {
                const int d = (c * lanes + lane) * 4;
                if (d < HeadDim) {
                    const float4 v = *reinterpret_cast<const float4*>(value_tile + k * stride + d);
                    output[c][0] += weight * v.x;
                    output[c][1] += weight * v.y;
                    output[c][2] += weight * v.z;
                    output[c][3] += weight * v.w;
                }
            }
        }
    }
#pragma unroll
    for (int offset = lanes / 2; offset > 0; offset /= 2) sum += __shfl_xor_sync(kFullWarp, sum, offset);
    if (row > last_row) return;

    const int head = kv_head * a.group + row % a.group;
    const i64 token = tile.query_start + row / a.group;
    // Several parts leave the sink to combine_splits.
    const float inverse = whole ? softmax_share(a, head, maximum, sum) : sum > 0 ? 1.0f / sum : 0.0f;
    const i64 part = (static_cast<i64>(tile.sequence) * a.query_heads + head) * a.splits + split;
#pragma unroll
    for (int c = 0; c < columns; c++)
#pragma unroll
        for (int i = 0; i < 4; i++) {
            const int d = (c * lanes + lane) * 4 + i;
            if (d >= HeadDim) continue;
            if (whole) static_cast<Q*>(a.output)[(token * a.query_heads + head) * HeadDim + d] = from_float<Q>(output[c][i] * inverse);
            else a.partial[part * HeadDim + d] = output[c][i] * inverse;
        }
    if (!whole && lane == 0) a.partial_lse[part] = (maximum == negative_infinity() ? 0.0f : maximum) + log2f(sum);
}

}  // namespace sgl
