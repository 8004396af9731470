// act(x[:, :I]) · x[:, I:] of [T, 2·I].
#include "include/sgl/math.cuh"
#include "include/sgl/rows.cuh"

namespace sgl {

struct GatedActivationArgs {
    const void* x;
    void* output;
    i64 x_stride;   // elements between rows
    i32 width;      // I
    i32 aligned;
};

// T decides how precise the function must be: results are rounded to T.
struct Silu {
    template <class T> static __device__ __forceinline__ float apply(float x)
    {
        if constexpr (same_type<T, float>) return x / (1.0f + expf(-x));
        else return x * fast_reciprocal(1.0f + fast_exp(-x));
    }
};

struct Gelu {
    template <class T> static __device__ __forceinline__ float apply(float x) { return 0.5f * x * (1.0f + erff(x * 0.70710678118654752f)); }
};

struct GeluTanh {
    template <class T> static __device__ __forceinline__ float apply(float x)
    {
        const float inner = 0.79788456080286536f * (x + 0.044715f * x * x * x);
        return 0.5f * x * (1.0f + (same_type<T, float> ? tanhf(inner) : fast_tanh(inner)));
    }
};

template <class In, class Out, class Activation>
__global__ void gated_activation(const __grid_constant__ GatedActivationArgs a)
{
    const int column = grid_column();
    if (column >= a.width) return;
    const int count = a.width - column;
    const In* row = static_cast<const In*>(a.x) + grid_row() * a.x_stride + column;
    float gate[kVector], up[kVector];
    load_vector(row, gate, count, a.aligned);
    load_vector(row + a.width, up, count, a.aligned);
#pragma unroll
    for (int i = 0; i < kVector; i++) gate[i] = Activation::template apply<Out>(gate[i]) * up[i];
    store_vector(static_cast<Out*>(a.output) + grid_row() * a.width + column, gate, count, a.aligned);
}

}  // namespace sgl
