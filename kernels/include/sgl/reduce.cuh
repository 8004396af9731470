// Reductions in a fixed order: the result depends on the values alone, never on timing.
#pragma once
#include "include/sgl/types.cuh"

namespace sgl {

struct Sum { template <class T> __device__ __forceinline__ T operator()(T a, T b) const { return a + b; } };
struct Max { template <class T> __device__ __forceinline__ T operator()(T a, T b) const { return a > b ? a : b; } };

// Over groups of `Width` neighbouring lanes (a power of two up to 32); every lane gets the result.
template <int Width = kWarpSize, class T, class Op>
__device__ __forceinline__ T warp_reduce(T value, Op op)
{
#pragma unroll
    for (int offset = Width / 2; offset > 0; offset /= 2) value = op(value, __shfl_xor_sync(kFullWarp, value, offset));
    return value;
}

// Over a block of `Threads` (a multiple of 32); every thread gets the result. `scratch` holds Threads / 32 values and may be
// reused after the next barrier only.
template <int Threads, class T, class Op>
__device__ __forceinline__ T block_reduce(T value, Op op, T* scratch)
{
    constexpr int warps = Threads / kWarpSize;
    value = warp_reduce(value, op);
    if (threadIdx.x % kWarpSize == 0) scratch[threadIdx.x / kWarpSize] = value;
    __syncthreads();
    T total = scratch[0];
#pragma unroll
    for (int w = 1; w < warps; w++) total = op(total, scratch[w]);
    return total;
}

}  // namespace sgl
