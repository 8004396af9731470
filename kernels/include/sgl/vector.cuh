// Eight consecutive elements at a time: the unit in which kernels read and write rows.
#pragma once
#include "include/sgl/convert.cuh"

namespace sgl {

inline constexpr int kVector = 8;

// Reads `count` (at most 8) elements as floats, zeros after them. `aligned`: the row starts at a multiple of 16 bytes.
template <class T>
__device__ __forceinline__ void load_vector(const T* source, float (&v)[kVector], int count, bool aligned)
{
    if (aligned && count >= kVector) {
        constexpr int words = sizeof(T) * kVector / 4;
        union { u32 word[words]; T element[kVector]; } raw;
        if constexpr (words == 2) {
            const uint2 part = *reinterpret_cast<const uint2*>(source);
            raw.word[0] = part.x; raw.word[1] = part.y;
        } else {
#pragma unroll
            for (int i = 0; i < words / 4; i++) {
                const uint4 part = reinterpret_cast<const uint4*>(source)[i];
                raw.word[4 * i] = part.x; raw.word[4 * i + 1] = part.y; raw.word[4 * i + 2] = part.z; raw.word[4 * i + 3] = part.w;
            }
        }
#pragma unroll
        for (int i = 0; i < kVector; i++) v[i] = to_float(raw.element[i]);
    } else {
#pragma unroll
        for (int i = 0; i < kVector; i++) v[i] = i < count ? to_float(source[i]) : 0.0f;
    }
}

// Writes the first `count` (at most 8) values.
template <class T>
__device__ __forceinline__ void store_vector(T* destination, const float (&v)[kVector], int count, bool aligned)
{
    if (aligned && count >= kVector) {
        constexpr int words = sizeof(T) * kVector / 4;
        union { u32 word[words]; T element[kVector]; } raw;
        if constexpr (sizeof(T) == 2) {
#pragma unroll
            for (int i = 0; i < words; i++) raw.word[i] = pack<T>(v[2 * i], v[2 * i + 1]);
        } else {
#pragma unroll
            for (int i = 0; i < kVector; i++) raw.element[i] = from_float<T>(v[i]);
        }
        if constexpr (words == 2) {
            *reinterpret_cast<uint2*>(destination) = make_uint2(raw.word[0], raw.word[1]);
        } else {
#pragma unroll
            for (int i = 0; i < words / 4; i++)
                reinterpret_cast<uint4*>(destination)[i] = make_uint4(raw.word[4 * i], raw.word[4 * i + 1], raw.word[4 * i + 2], raw.word[4 * i + 3]);
        }
    } else {
#pragma unroll
        for (int i = 0; i < kVector; i++)
            if (i < count) destination[i] = from_float<T>(v[i]);
    }
}

}  // namespace sgl
