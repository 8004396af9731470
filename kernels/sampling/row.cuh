// One row of logits as a block sees it: passes over its values, and the order-preserving integer keys of floats.
#pragma once
#include "include/sgl/math.cuh"
#include "include/sgl/reduce.cuh"

namespace sgl {

inline constexpr int kRowThreads = 1024;

// Monotone in the value; equal for −0 and +0. NaN counts as smallest.
__device__ __forceinline__ u32 ordered_key(float value)
{
    if (value != value) return 0;
    const u32 bits = __float_as_uint(value + 0.0f);
    return bits & 0x80000000u ? ~bits : bits | 0x80000000u;
}

// Calls visit(value, index) for elements first … end − 1 of a row, this thread's share of `threads`; groups of four at once where
// the address allows.
template <class Visit>
__device__ __forceinline__ void for_each_element(const float* row, int first, int end, int thread, int threads, Visit visit)
{
    const bool aligned = reinterpret_cast<u64>(row + first) % 16 == 0;
    const int quads = aligned ? (end - first) / 4 : 0;
    const float4* groups = reinterpret_cast<const float4*>(row + first);
#pragma unroll 2
    for (int q = thread; q < quads; q += threads) {
        const float4 v = groups[q];
        const int i = first + 4 * q;
        visit(v.x, i);
        visit(v.y, i + 1);
        visit(v.z, i + 2);
        visit(v.w, i + 3);
    }
    for (int i = first + 4 * quads + thread; i < end; i += threads) visit(row[i], i);
}

// The row's largest value and log(sum(exp)) of it, in a fixed order of operations.
struct LogSumExp {
    float maximum;
    float log_sum;   // of exp(value − maximum)
};

__device__ __forceinline__ LogSumExp log_sum_exp(const float* row, int columns, float* scratch)
{
    float top = negative_infinity();
    for_each_element(row, 0, columns, threadIdx.x, kRowThreads, [&](float v, int) { top = fmaxf(top, v); });
    top = block_reduce<kRowThreads>(top, Max{}, scratch);
    __syncthreads();
    float sum = 0;
    for_each_element(row, 0, columns, threadIdx.x, kRowThreads, [&](float v, int) { sum += v == top ? 1.0f : expf(v - top); });
    sum = block_reduce<kRowThreads>(sum, Sum{}, scratch);
    __syncthreads();
    return {top, logf(sum)};
}

}  // namespace sgl
