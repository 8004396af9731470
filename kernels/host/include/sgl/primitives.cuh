// The host's version of include/sgl/primitives.cuh: the same functions, emulated.
#pragma once
#include "include/sgl/types.cuh"

extern "C" {
void sgl_grid_wait();
void sgl_copy_async_16(void* shared, const void* source, int valid);
void sgl_copy_async_commit();
void sgl_copy_async_wait(int pending);
void sgl_load_matrix(unsigned* registers, const void* shared, int transposed);
void sgl_mma_16x8x16(float* c, const unsigned* a, unsigned b0, unsigned b1, int bf16);
}

namespace sgl {

__device__ __forceinline__ void begin_kernel() { sgl_grid_wait(); }

__device__ __forceinline__ u16 bf16_bits(float x)
{
    const u32 bits = __float_as_uint(x);
    if ((bits & 0x7fffffffu) > 0x7f800000u) return 0x7fff;
    return static_cast<u16>((bits + 0x7fffu + (bits >> 16 & 1u)) >> 16);
}

__device__ __forceinline__ u16 fp16_bits(float x)
{
    const u32 bits = __float_as_uint(x), sign = bits >> 16 & 0x8000u, magnitude = bits & 0x7fffffffu;
    if (magnitude > 0x7f800000u) return 0x7fff;
    if (magnitude >= 0x477ff000u) return static_cast<u16>(sign | 0x7c00u);
    if (magnitude < 0x38800000u) {
        // Subnormal: the sum with 0.5 leaves the rounded multiple of the smallest step in the low bits.
        return static_cast<u16>(sign | (__float_as_uint(__uint_as_float(magnitude) + 0.5f) - 0x3f000000u));
    }
    return static_cast<u16>(sign | (magnitude + 0xfffu + (magnitude >> 13 & 1u) - 0x38000000u) >> 13);
}

__device__ __forceinline__ float fp16_value(u16 bits)
{
    const u32 sign = static_cast<u32>(bits & 0x8000u) << 16, magnitude = bits & 0x7fffu;
    if (magnitude >= 0x7c00u) return __uint_as_float(sign | 0x7f800000u | (magnitude & 0x3ffu) << 13);
    // The product with a power of two is exact and normalises subnormals.
    const float value = __uint_as_float(magnitude << 13) * __uint_as_float(239u << 23);
    return __uint_as_float(__float_as_uint(value) | sign);
}

__device__ __forceinline__ u32 bf16_pair(float low, float high) { return bf16_bits(low) | static_cast<u32>(bf16_bits(high)) << 16; }
__device__ __forceinline__ u32 fp16_pair(float low, float high) { return fp16_bits(low) | static_cast<u32>(fp16_bits(high)) << 16; }

__device__ __forceinline__ float flushed(float x) { return (__float_as_uint(x) & 0x7f800000u) == 0 ? __uint_as_float(__float_as_uint(x) & 0x80000000u) : x; }
__device__ __forceinline__ float fast_exp2(float x) { return flushed(exp2f(flushed(x))); }
__device__ __forceinline__ float fast_reciprocal(float x) { return flushed(1.0f / flushed(x)); }

__device__ __forceinline__ void copy_async_16(void* shared, const void* source, bool valid) { sgl_copy_async_16(shared, source, valid); }
__device__ __forceinline__ void copy_async_commit() { sgl_copy_async_commit(); }
template <int Pending> __device__ __forceinline__ void copy_async_wait() { sgl_copy_async_wait(Pending); }

__device__ __forceinline__ void load_matrix_x4(u32 (&r)[4], const void* shared) { sgl_load_matrix(r, shared, 0); }
__device__ __forceinline__ void load_matrix_x4_transposed(u32 (&r)[4], const void* shared) { sgl_load_matrix(r, shared, 1); }

template <class T>
__device__ __forceinline__ void mma_16x8x16(float (&c)[4], const u32 (&a)[4], u32 b0, u32 b1)
{
    static_assert(same_type<T, bf16> || same_type<T, fp16>);
    sgl_mma_16x8x16(c, a, b0, b1, same_type<T, bf16>);
}

}  // namespace sgl
