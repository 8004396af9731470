// float32 to and from every storage type, bit-exact to round-to-nearest-even.
#pragma once
#include "include/sgl/primitives.cuh"

namespace sgl {

__device__ __forceinline__ float to_float(float x) { return x; }
__device__ __forceinline__ float to_float(bf16 x) { return __uint_as_float(static_cast<u32>(x.bits) << 16); }
__device__ __forceinline__ float to_float(fp16 x) { return fp16_value(x.bits); }

// An 8-bit float of `Mantissa` bits and exponent bias `Bias` is an fp32 number with the exponent shifted; the product with a
// power of two is exact and also normalises subnormals.
template <int Mantissa, int Bias>
__device__ __forceinline__ float small_float_value(u32 bits)
{
    const u32 magnitude = (bits & 0x7fu) << (23 - Mantissa);
    const float scaled = __uint_as_float(magnitude) * __uint_as_float(static_cast<u32>(127 + 127 - Bias) << 23);
    return __uint_as_float(__float_as_uint(scaled) | (bits & 0x80u) << 24);
}

__device__ __forceinline__ float to_float(fp8_e4m3 x)
{
    return (x.bits & 0x7f) == 0x7f ? __uint_as_float(0x7fffffffu) : small_float_value<3, 7>(x.bits);
}

__device__ __forceinline__ float to_float(fp8_e5m2 x)
{
    // The largest exponent holds infinity and NaN, as in IEEE types.
    if ((x.bits & 0x7c) == 0x7c)
        return __uint_as_float((x.bits & 0x80u) << 24 | 0x7f800000u | static_cast<u32>(x.bits & 3) << 21);
    return small_float_value<2, 15>(x.bits);
}

// Rounds to `Mantissa` bits and bias `Bias`; magnitudes past `Largest` (bits of the largest finite value) become it.
template <int Mantissa, int Bias, u32 Largest, u32 NotANumber>
__device__ __forceinline__ u8 small_float_bits(float x)
{
    const u32 source = __float_as_uint(x);
    const u32 sign = source >> 24 & 0x80u;
    const u32 magnitude = source & 0x7fffffffu;
    if (magnitude > 0x7f800000u) return static_cast<u8>(sign | NotANumber);
    constexpr int drop = 23 - Mantissa;
    u32 result;
    if (magnitude < static_cast<u32>(127 - Bias + 1) << 23) {
        // Subnormal: adding 2^(24 - Bias - Mantissa) puts the rounded multiple of the smallest step into the low bits.
        constexpr u32 magic = static_cast<u32>(127 + 24 - Bias - Mantissa) << 23;
        result = __float_as_uint(__uint_as_float(magnitude) + __uint_as_float(magic)) - magic;
    } else {
        const u32 rounded = magnitude + ((1u << (drop - 1)) - 1) + (magnitude >> drop & 1u);
        result = (rounded >> drop) - (static_cast<u32>(127 - Bias) << Mantissa);
    }
    return static_cast<u8>(sign | (result > Largest ? Largest : result));
}

template <class T> __device__ __forceinline__ T from_float(float x);
template <> __device__ __forceinline__ float from_float<float>(float x) { return x; }
template <> __device__ __forceinline__ bf16 from_float<bf16>(float x) { return bf16{bf16_bits(x)}; }
template <> __device__ __forceinline__ fp16 from_float<fp16>(float x) { return fp16{fp16_bits(x)}; }
template <> __device__ __forceinline__ fp8_e4m3 from_float<fp8_e4m3>(float x) { return fp8_e4m3{small_float_bits<3, 7, 0x7e, 0x7f>(x)}; }
template <> __device__ __forceinline__ fp8_e5m2 from_float<fp8_e5m2>(float x) { return fp8_e5m2{small_float_bits<2, 15, 0x7b, 0x7f>(x)}; }

// Two values as one register of packed T (bf16 or fp16).
template <class T>
__device__ __forceinline__ u32 pack(float low, float high)
{
    if constexpr (same_type<T, bf16>) return bf16_pair(low, high);
    else return fp16_pair(low, high);
}

}  // namespace sgl
