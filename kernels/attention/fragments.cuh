// The tensor-core part of attention: 16 query rows of one warp against tiles of keys and values in shared memory.
#pragma once
#include "attention/arguments.cuh"

namespace sgl {

// Rows in shared memory are padded to whole fragments and then by 16 bytes: eight neighbouring rows then start in eight
// different groups of banks, for any head size.
template <int HeadDim> inline constexpr int kPaddedDim = round_up(HeadDim, 16);
template <int HeadDim> inline constexpr int kRowStride = kPaddedDim<HeadDim> + 8;

// Columns between the head size and whole fragments: zeros, written once (copies never touch them).
template <class T, int HeadDim>
__device__ __forceinline__ void clear_padding(T* tile, int rows, int thread, int threads)
{
    if constexpr (kPaddedDim<HeadDim> != HeadDim)
        for (int row = thread; row < rows; row += threads)
            *reinterpret_cast<uint4*>(tile + row * kRowStride<HeadDim> + HeadDim) = make_uint4(0, 0, 0, 0);
}

// Starts the copy of keys first … first + Rows − 1 into shared memory. Keys outside begin … end − 1 become zero: their places may
// never have been written, and a weight of zero times a NaN is a NaN. Where a page holds a multiple of Rows, so must `first` be.
template <int Rows, class T, int HeadDim, int PageSize>
__device__ __forceinline__ void copy_rows_async(T* tile, const PagedRows<T, HeadDim, PageSize>& rows, int first, int begin, int end, int thread, int threads)
{
    constexpr int chunks = HeadDim / kVector;
    const T* page_rows = nullptr;
    if constexpr (PageSize % Rows == 0) page_rows = rows.row(first);
#pragma unroll 4
    for (int work = thread; work < Rows * chunks; work += threads) {
        const int row = work / chunks, chunk = work % chunks;
        const int key = first + row;
        const bool valid = key >= begin && key < end;
        const T* source;
        if constexpr (PageSize % Rows == 0) source = page_rows + row * HeadDim;
        else source = valid ? rows.row(key) : rows.base;
        copy_async_16(tile + row * kRowStride<HeadDim> + chunk * kVector, source + chunk * kVector, valid);
    }
}

// Starts the copy of the Rows query rows from `first_row` on; rows past the sequence's become zero.
template <int Rows, class T, int HeadDim>
__device__ __forceinline__ void copy_query_async(T* tile, const AttentionArgs& a, int query_start, int first_row, int rows, int kv_head, int thread, int threads)
{
    constexpr int chunks = HeadDim / kVector;
    const T* query = static_cast<const T*>(a.query);
    for (int work = thread; work < Rows * chunks; work += threads) {
        const int row = first_row + work / chunks, chunk = work % chunks;
        const bool valid = row < rows;
        const int token = query_start + row / a.group, head = kv_head * a.group + row % a.group;
        const T* source = valid ? query + token * a.query_token + head * a.query_head + chunk * kVector : query;
        copy_async_16(tile + work / chunks * kRowStride<HeadDim> + chunk * kVector, source, valid);
    }
}

// The running state of 16 rows: a lane holds rows lane / 4 and lane / 4 + 8, in each pair of columns 2 · (lane % 4) of every 8.
template <class T, int HeadDim>
struct WarpAttention {
    static constexpr int kSteps = kPaddedDim<HeadDim> / 16;
    static constexpr int kOutputs = kPaddedDim<HeadDim> / 8;
    // From here on the query fragments would crowd out the accumulators; they are then read again for each tile.
    static constexpr bool kKeepQuery = HeadDim <= 128;

    u32 query[kKeepQuery ? kSteps : 1][4];
    float output[kOutputs][4];
    float maximum[2];
    float sum[2];   // this lane's part; finish() adds up the four lanes of a row

    __device__ __forceinline__ WarpAttention() : output{}, maximum{negative_infinity(), negative_infinity()}, sum{0, 0} {}

    static __device__ __forceinline__ const T* query_address(const T* tile, int step)
    {
        const int lane = threadIdx.x % kWarpSize;
        return tile + (lane & 15) * kRowStride<HeadDim> + step * 16 + (lane >> 4) * 8;
    }

    __device__ __forceinline__ void load_query(const T* tile)
    {
        if constexpr (kKeepQuery)
#pragma unroll
            for (int step = 0; step < kSteps; step++) load_matrix_x4(query[step], query_address(tile, step));
    }

    // scores [16, Keys] = query · keysᵀ, unscaled.
    template <int Keys>
    __device__ __forceinline__ void multiply_keys(float (&scores)[Keys / 8][4], const T* query_tile, const T* keys)
    {
        const int lane = threadIdx.x % kWarpSize;
        const T* from = keys + ((lane & 7) + (lane >> 4) * 8) * kRowStride<HeadDim> + (lane >> 3 & 1) * 8;
#pragma unroll
        for (int n = 0; n < Keys / 8; n++)
#pragma unroll
            for (int i = 0; i < 4; i++) scores[n][i] = 0;
#pragma unroll
        for (int step = 0; step < kSteps; step++) {
            u32 q[4];
            if constexpr (!kKeepQuery) load_matrix_x4(q, query_address(query_tile, step));
#pragma unroll
            for (int n = 0; n < Keys / 16; n++) {
                u32 k[4];
                load_matrix_x4(k, from + n * 16 * kRowStride<HeadDim> + step * 16);
                if constexpr (kKeepQuery) {
                    mma_16x8x16<T>(scores[2 * n], query[step], k[0], k[1]);
                    mma_16x8x16<T>(scores[2 * n + 1], query[step], k[2], k[3]);
                } else {
                    mma_16x8x16<T>(scores[2 * n], q, k[0], k[1]);
                    mma_16x8x16<T>(scores[2 * n + 1], q, k[2], k[3]);
                }
            }
        }
    }

    // Turns scores into weights exp2(score − maximum), after moving output and sum to the new maximum.
    template <int Keys>
    __device__ __forceinline__ void soften(float (&scores)[Keys / 8][4])
    {
#pragma unroll
        for (int r = 0; r < 2; r++) {
            float top = maximum[r];
#pragma unroll
            for (int n = 0; n < Keys / 8; n++) top = fmaxf(top, fmaxf(scores[n][2 * r], scores[n][2 * r + 1]));
            top = fmaxf(top, __shfl_xor_sync(kFullWarp, top, 1));
            top = fmaxf(top, __shfl_xor_sync(kFullWarp, top, 2));
            // A row that has seen no key yet: any finite base gives weights of zero.
            const float base = top == negative_infinity() ? 0.0f : top;
            const float shrink = fast_exp2(maximum[r] - base);
            maximum[r] = top;
            sum[r] *= shrink;
            if (__any_sync(kFullWarp, shrink != 1.0f))
#pragma unroll
                for (int d = 0; d < kOutputs; d++) {
                    output[d][2 * r] *= shrink;
                    output[d][2 * r + 1] *= shrink;
                }
#pragma unroll
            for (int n = 0; n < Keys / 8; n++)
#pragma unroll
                for (int i = 2 * r; i < 2 * r + 2; i++) {
                    scores[n][i] = fast_exp2(scores[n][i] - base);
                    sum[r] += scores[n][i];
                }
        }
    }

    // output += weights [16, Keys] · values [Keys, HeadDim].
    template <int Keys>
    __device__ __forceinline__ void multiply_values(const float (&weights)[Keys / 8][4], const T* values)
    {
        const int lane = threadIdx.x % kWarpSize;
        const T* from = values + (lane & 15) * kRowStride<HeadDim> + (lane >> 4) * 8;
#pragma unroll
        for (int k = 0; k < Keys / 16; k++) {
            u32 w[4];
            w[0] = pack<T>(weights[2 * k][0], weights[2 * k][1]);
            w[1] = pack<T>(weights[2 * k][2], weights[2 * k][3]);
            w[2] = pack<T>(weights[2 * k + 1][0], weights[2 * k + 1][1]);
            w[3] = pack<T>(weights[2 * k + 1][2], weights[2 * k + 1][3]);
#pragma unroll
            for (int d = 0; d < kOutputs / 2; d++) {
                u32 v[4];
                load_matrix_x4_transposed(v, from + k * 16 * kRowStride<HeadDim> + d * 16);
                mma_16x8x16<T>(output[2 * d], w, v[0], v[1]);
                mma_16x8x16<T>(output[2 * d + 1], w, v[2], v[3]);
            }
        }
    }

    // Completes the sums over a row's four lanes.
    __device__ __forceinline__ void finish()
    {
#pragma unroll
        for (int r = 0; r < 2; r++) {
            sum[r] += __shfl_xor_sync(kFullWarp, sum[r], 1);
            sum[r] += __shfl_xor_sync(kFullWarp, sum[r], 2);
        }
    }
};

}  // namespace sgl
