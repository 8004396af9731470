// How the two halves of a gated MLP are joined. T decides how precise the function must be: results are rounded to T.
#pragma once
#include "include/sgl/math.cuh"

namespace sgl {

// x · σ(scale · x)
template <class T>
__device__ __forceinline__ float scaled_silu(float x, float scale)
{
    if constexpr (same_type<T, float>) return x / (1.0f + expf(-scale * x));
    else return x * fast_reciprocal(1.0f + fast_exp(-scale * x));
}

struct Silu {
    template <class T> static __device__ __forceinline__ float combine(float gate, float up) { return scaled_silu<T>(gate, 1.0f) * up; }
};

struct Gelu {
    template <class T> static __device__ __forceinline__ float combine(float gate, float up)
    {
        return 0.5f * gate * (1.0f + erff(gate * 0.70710678118654752f)) * up;
    }
};

struct GeluTanh {
    template <class T> static __device__ __forceinline__ float combine(float gate, float up)
    {
        const float inner = 0.79788456080286536f * (gate + 0.044715f * gate * gate * gate);
        return 0.5f * gate * (1.0f + (same_type<T, float> ? tanhf(inner) : fast_tanh(inner))) * up;
    }
};

// gpt-oss.
struct SwigluOss {
    template <class T> static __device__ __forceinline__ float combine(float gate, float up) { return scaled_silu<T>(gate, 1.702f) * (up + 1.0f); }
};

// A gated unit of a large model may be more than float16 holds; it must not become infinite. NaN stays NaN.
template <class T>
__device__ __forceinline__ float within(float x)
{
    if constexpr (same_type<T, fp16>) return x > 65504.0f ? 65504.0f : x < -65504.0f ? -65504.0f : x;
    else return x;
}

// Gates are capped at the limit and ups at ± it; 0 for no limit. NaN stays NaN.
template <class Activation, class T>
__device__ __forceinline__ float limited_unit(float gate, float up, float limit)
{
    if (limit > 0) {
        gate = gate > limit ? limit : gate;
        up = up > limit ? limit : up < -limit ? -limit : up;
    }
    return within<T>(Activation::template combine<T>(gate, up));
}

}  // namespace sgl
