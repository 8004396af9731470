// Latent attention without tensor cores, in float32 throughout: for float32 models, for queries and caches of different types, and for
// ranks that tensor cores cannot divide. One block: 16 rows, which are (token, head) pairs, against tiles of 16 keys, whose first Rank
// elements are the values; eight lanes share a row.
#include "latent/arguments.cuh"

namespace sgl {

template <class Q, class T, int Rank, int Rope, int PageSize>
__global__ void __launch_bounds__(128) plain_latent_attention(const __grid_constant__ LatentArgs args)
{
    begin_kernel();
    constexpr int rows = 16, keys = 16, lanes = 8, threads = rows * lanes, width = Rank + Rope;
    constexpr int stride = width + 4;                      // of query and key rows, in floats
    constexpr int columns = ceil_div(Rank, lanes * 4);     // groups of four output columns per lane
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

    const int thread = threadIdx.x, r = thread / lanes, lane = thread % lanes;
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

    float output[columns][4] = {};
    float maximum = negative_infinity(), sum = 0;
    for (int first = begin; first < end; first += keys) {
        __syncthreads();   // no thread still reads the tile before
        for (int work = thread; work < keys * (width / kVector); work += threads) {
            const int local = work / (width / kVector), column = work % (width / kVector) * kVector;
            float v[kVector];
            load_vector(key_rows.row(min(first + local, end - 1)) + column, v, first + local < end ? kVector : 0, true);
            store_vector(key_tile + local * stride + column, v, kVector, true);
        }
        __syncthreads();

        float scores[keys / lanes] = {};
        for (int d = 0; d < width; d += 4) {
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
            scores[j] = key < end && key <= position ? scaled_score<false>(a, scores[j]) : negative_infinity();
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
                if (d < Rank) {
                    const float4 v = *reinterpret_cast<const float4*>(key_tile + k * stride + d);
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

    const int head = row % a.group;
    const i64 token = tile.query_start + row / a.group;
    const float inverse = sum > 0 ? 1.0f / sum : 0.0f;
    const i64 part = (static_cast<i64>(tile.sequence) * a.query_heads + head) * a.splits + split;
#pragma unroll
    for (int c = 0; c < columns; c++)
#pragma unroll
        for (int i = 0; i < 4; i++) {
            const int d = (c * lanes + lane) * 4 + i;
            if (d >= Rank) continue;
            if (whole) static_cast<Q*>(a.output)[(token * a.query_heads + head) * Rank + d] = from_float<Q>(output[c][i] * inverse);
            else a.partial[part * Rank + d] = output[c][i] * inverse;
        }
    if (!whole && lane == 0) a.partial_lse[part] = (maximum == negative_infinity() ? 0.0f : maximum) + log2f(sum);
}

}  // namespace sgl
