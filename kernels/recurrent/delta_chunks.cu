// The part of the gated delta rule that chunks of 64 tokens do not need of each other, bf16 or fp16, on tensor cores (sm_80 and
// later). With G the running sum of log decays and A[i][j] = β_i (k_i·k_j) exp(G_i − G_j) below the diagonal, the changes that the
// chunk's tokens make are (I + A)⁻¹ (β v − β exp(G) k S), S being the state before: a block computes both factors of one chunk and
// value head, and what delta_scan needs beside them. Operands of products are rounded to T.
#include "include/sgl/convert.cuh"
#include "include/sgl/math.cuh"
#include "include/sgl/reduce.cuh"
#include "recurrent/arguments.cuh"

namespace sgl {

// to [64][Columns] = left [64][64], zero above the diagonal, · right [64][Columns], by four warps of 16 rows.
template <int Columns, int Stride, class T>
__device__ __forceinline__ void multiply_triangle(const T* left_from, const T* right_from, T* to)
{
    const int lane = threadIdx.x % kWarpSize, warp = threadIdx.x / kWarpSize, rows = warp * 16;
    float product[Columns / 8][4] = {};
#pragma unroll
    for (int k = 0; k < kChunk / 16; k++) {
        if (k > warp) continue;
        u32 left[4];
        load_matrix_x4(left, left_from + (rows + (lane & 15)) * (kChunk + 8) + k * 16 + (lane >> 4) * 8);
#pragma unroll
        for (int d = 0; d < Columns / 16; d++) {
            u32 right[4];
            load_matrix_x4_transposed(right, right_from + (k * 16 + (lane & 15)) * Stride + (lane >> 4) * 8 + d * 16);
            mma_16x8x16<T>(product[2 * d], left, right[0], right[1]);
            mma_16x8x16<T>(product[2 * d + 1], left, right[2], right[3]);
        }
    }
#pragma unroll
    for (int half = 0; half < 2; half++) {
        T* row = to + (rows + lane / 4 + 8 * half) * Columns + lane % 4 * 2;
#pragma unroll
        for (int d = 0; d < Columns / 8; d++)
            *reinterpret_cast<u32*>(row + d * 8) = pack<T>(product[d][2 * half], product[d][2 * half + 1]);
    }
}

// grid (value heads, tiles).
template <class In, class T, int KeyDim, int ValueDim>
__global__ void __launch_bounds__(128) delta_chunks(const __grid_constant__ DeltaRuleArgs a)
{
    begin_kernel();
    constexpr int warps = 4, key_stride = KeyDim + 8, value_stride = ValueDim + 8, matrix_stride = kChunk + 8, square = kChunk + 1;
    using Record = ChunkRecord<KeyDim, ValueDim>;
    static_assert(KeyDim % 16 == 0 && ValueDim % 16 == 0, "whole fragments");
    SGL_DYNAMIC_SHARED(shared);
    T* keys = reinterpret_cast<T*>(shared);
    T* queries = keys + kChunk * key_stride;
    T* values = queries + kChunk * key_stride;
    T* key_matrix = values + kChunk * value_stride;         // inverse · β exp(G)
    T* value_matrix = key_matrix + kChunk * matrix_stride;  // inverse · β
    // A below the diagonal; its inverse, transposed, on and above it.
    float* matrix = reinterpret_cast<float*>(value_matrix + kChunk * matrix_stride);
    __shared__ float sums[kChunk], betas[kChunk];

    int sequence, chunk;
    if (!find_chunk(a, blockIdx.y, sequence, chunk)) return;
    const int thread = threadIdx.x, warp = thread / kWarpSize, lane = thread % kWarpSize;
    const int head = blockIdx.x, key_head = head / (a.value_heads / a.key_heads);
    const int first = a.query_start[sequence] + chunk * kChunk, count = min(kChunk, a.query_start[sequence + 1] - first);
    T* record = static_cast<T*>(a.workspace) + (static_cast<i64>(blockIdx.y) * a.value_heads + head) * Record::size;

    // Tokens past the last are zeros that change nothing.
    for (int t = warp; t < kChunk; t += warps) {
        const bool valid = t < count;
        const i64 token = first + t;
        const In* key = static_cast<const In*>(a.key) + token * a.key_token + key_head * a.key_head;
        const In* query = static_cast<const In*>(a.query) + token * a.query_token + key_head * a.query_head;
        const In* value = static_cast<const In*>(a.value) + token * a.value_token + head * a.value_head;
        constexpr int each = ceil_div(KeyDim, kWarpSize);
        float k[each], q[each], kk = 0, qq = 0;
#pragma unroll
        for (int i = 0; i < each; i++) {
            const int d = i * kWarpSize + lane;
            k[i] = valid && d < KeyDim ? to_float(key[d]) : 0.0f;
            q[i] = valid && d < KeyDim ? to_float(query[d]) : 0.0f;
            kk += k[i] * k[i];
            qq += q[i] * q[i];
        }
        const float key_scale = 1.0f / sqrtf(warp_reduce(kk, Sum()) + a.eps);
        const float query_scale = a.scale / sqrtf(warp_reduce(qq, Sum()) + a.eps);
#pragma unroll
        for (int i = 0; i < each; i++) {
            const int d = i * kWarpSize + lane;
            if (d < KeyDim) {
                keys[t * key_stride + d] = from_float<T>(k[i] * key_scale);
                queries[t * key_stride + d] = from_float<T>(q[i] * query_scale);
            }
        }
#pragma unroll
        for (int d = lane; d < ValueDim; d += kWarpSize) values[t * value_stride + d] = from_float<T>(valid ? to_float(value[d]) : 0.0f);
    }
    if (warp == 0) {
        const i64 at = static_cast<i64>(first + 2 * lane) * a.value_heads + head;
        const float even = 2 * lane < count ? a.log_decay[at] : 0.0f, odd = 2 * lane + 1 < count ? a.log_decay[at + a.value_heads] : 0.0f;
        float through = even + odd;
#pragma unroll
        for (int offset = 1; offset < kWarpSize; offset *= 2) {
            const float before = __shfl_up_sync(kFullWarp, through, offset);
            if (lane >= offset) through += before;
        }
        sums[2 * lane] = through - odd;
        sums[2 * lane + 1] = through;
        betas[2 * lane] = 2 * lane < count ? a.beta[at] : 0.0f;
        betas[2 * lane + 1] = 2 * lane + 1 < count ? a.beta[at + a.value_heads] : 0.0f;
    }
    __syncthreads();

    // Products of this warp's 16 keys and queries with the keys up to theirs.
    const int rows = warp * 16;
#pragma unroll
    for (int side = 0; side < 2; side++) {
        const T* from = (side == 0 ? keys : queries) + (rows + (lane & 15)) * key_stride + (lane >> 4) * 8;
        float product[kChunk / 8][4] = {};
#pragma unroll
        for (int step = 0; step < KeyDim / 16; step++) {
            u32 left[4];
            load_matrix_x4(left, from + step * 16);
#pragma unroll
            for (int n = 0; n < kChunk / 16; n++) {
                if (n > warp) continue;
                u32 right[4];
                load_matrix_x4(right, keys + (n * 16 + (lane & 7) + (lane >> 4) * 8) * key_stride + (lane >> 3 & 1) * 8 + step * 16);
                mma_16x8x16<T>(product[2 * n], left, right[0], right[1]);
                mma_16x8x16<T>(product[2 * n + 1], left, right[2], right[3]);
            }
        }
#pragma unroll
        for (int n = 0; n < kChunk / 8; n++)
#pragma unroll
            for (int half = 0; half < 2; half++) {
                const int i = rows + lane / 4 + 8 * half, j = n * 8 + lane % 4 * 2;
                const float low = j <= i ? product[n][2 * half] * fast_exp(sums[i] - sums[j]) : 0.0f;
                const float high = j + 1 <= i ? product[n][2 * half + 1] * fast_exp(sums[i] - sums[j + 1]) : 0.0f;
                if (side == 0) {
                    if (j < i) matrix[i * square + j] = betas[i] * low;
                    if (j + 1 < i) matrix[i * square + j + 1] = betas[i] * high;
                } else {
                    *reinterpret_cast<u32*>(record + Record::score + i * kChunk + j) = pack<T>(low, high);
                }
            }
    }
    __syncthreads();

    // The inverse by substitution, column by column; two lanes share a column and take turns at its terms.
    {
        const int column = thread / 2, turn = thread % 2;
        float* inverse = matrix + column * square;   // element i of the column at [i]
        // An element is written by the lane that reads it.
        if (column % 2 == turn) inverse[column] = 1.0f;
        for (int i = column / 16 * 16 + 1; i < kChunk; i++) {
            float sum = 0;
            for (int j = column / 16 * 16 + turn; j < i; j += 2) sum += j >= column ? matrix[i * square + j] * inverse[j] : 0.0f;
            sum += __shfl_xor_sync(kFullWarp, sum, 1);
            if (i > column && i % 2 == turn) inverse[i] = -sum;
        }
    }
    __syncthreads();
    for (int work = thread; work < kChunk * kChunk; work += warps * kWarpSize) {
        const int i = work / kChunk, j = work % kChunk;
        const float element = j <= i ? matrix[j * square + i] * betas[j] : 0.0f;
        key_matrix[i * matrix_stride + j] = from_float<T>(element * fast_exp(sums[j]));
        value_matrix[i * matrix_stride + j] = from_float<T>(element);
    }
    __syncthreads();

    multiply_triangle<KeyDim, key_stride>(key_matrix, keys, record + Record::change);
    multiply_triangle<ValueDim, value_stride>(value_matrix, values, record + Record::value);

    const float total = sums[kChunk - 1];
    for (int work = thread; work < kChunk * KeyDim; work += warps * kWarpSize) {
        const int t = work / KeyDim, d = work % KeyDim;
        record[Record::query + work] = from_float<T>(to_float(queries[t * key_stride + d]) * fast_exp(sums[t]));
    }
    for (int work = thread; work < KeyDim * kChunk; work += warps * kWarpSize) {
        const int d = work / kChunk, t = work % kChunk;
        record[Record::key + work] = from_float<T>(to_float(keys[t * key_stride + d]) * fast_exp(total - sums[t]));
    }
    if (thread == 0) *reinterpret_cast<float*>(record + Record::decay) = expf(total);
}

}  // namespace sgl
