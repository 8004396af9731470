// Functions of float32 numbers that several kernels share.
#pragma once
#include "include/sgl/primitives.cuh"

namespace sgl {

inline constexpr float kLog2E = 1.4426950408889634f;
inline constexpr float kLn2 = 0.6931471805599453f;

__device__ __forceinline__ float negative_infinity() { return __uint_as_float(0xff800000u); }

// e^x by one approximate instruction; good where the result is rounded to 16 bits or is a softmax weight.
__device__ __forceinline__ float fast_exp(float x) { return fast_exp2(x * kLog2E); }

// tanh by the same instruction; absolute error below 1e-6.
__device__ __forceinline__ float fast_tanh(float x)
{
    return 1.0f - 2.0f * fast_reciprocal(fast_exp2(x * (2.0f * kLog2E)) + 1.0f);
}

// x · σ(x), as precise as a result of type T needs.
template <class T>
__device__ __forceinline__ float silu(float x)
{
    if constexpr (same_type<T, float>) return x / (1.0f + expf(-x));
    else return x * fast_reciprocal(1.0f + fast_exp(-x));
}

// The finaliser that every random stream of this project is made of.
__device__ __forceinline__ u64 mix(u64 z)
{
    z += 0x9e3779b97f4a7c15ull;
    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9ull;
    z = (z ^ (z >> 27)) * 0x94d049bb133111ebull;
    return z ^ (z >> 31);
}

}  // namespace sgl
