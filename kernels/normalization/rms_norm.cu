// x / sqrt(mean(x²) + eps) · (offset + weight), and the same of residual += x. A row belongs to a group of Threads threads, each of
// which holds its Vectors vectors in registers between the two passes; the launch depends on the width only, so a row's bits do
// not depend on the batch.
#include "include/sgl/reduce.cuh"
#include "include/sgl/vector.cuh"

namespace sgl {

struct RmsNormArgs {
    const void* x;
    void* residual;     // add_rms_norm only: [rows, width]
    const void* weight; // may be null: all ones
    void* output;       // may be x
    i64 x_outer, x_inner;       // strides in elements of [rows / inner, inner, width]
    i64 output_outer, output_inner;
    i64 residual_stride;
    i64 rows;           // below 2^32
    i32 inner;
    i32 width;
    float eps;
    float weight_offset;
    i32 aligned;
};

template <int Threads>
__device__ __forceinline__ float row_sum(float value)
{
    if constexpr (Threads <= kWarpSize) {
        return warp_reduce<Threads>(value, Sum{});
    } else {
        __shared__ float scratch[Threads / kWarpSize];
        return block_reduce<Threads>(value, Sum{}, scratch);
    }
}

// X, R, W and Out are the types of x, residual, weight and output.
template <class X, class R, class W, class Out, int Threads, int Vectors, bool Add>
__device__ __forceinline__ void normalize(const RmsNormArgs& a)
{
    const int lane = threadIdx.x % Threads;
    const i64 row = static_cast<i64>(blockIdx.x) * (blockDim.x / Threads) + threadIdx.x / Threads;
    // Rows past the end take part in the shuffles of their warp with zeros.
    const bool live = row < a.rows;
    const u32 outer = static_cast<u32>(row) / static_cast<u32>(a.inner);
    const u32 inner = static_cast<u32>(row) - outer * a.inner;
    const X* x = static_cast<const X*>(a.x) + outer * a.x_outer + inner * a.x_inner;
    R* residual = static_cast<R*>(a.residual) + row * a.residual_stride;
    Out* output = static_cast<Out*>(a.output) + outer * a.output_outer + inner * a.output_inner;
    const W* weight = static_cast<const W*>(a.weight);

    float v[Vectors][kVector];
    float squares = 0;
#pragma unroll
    for (int j = 0; j < Vectors; j++) {
        const int column = (j * Threads + lane) * kVector;
        const int count = live ? a.width - column : 0;
        if (count > 0) {
            load_vector(x + column, v[j], count, a.aligned);
            if constexpr (Add) {
                float sum[kVector];
                load_vector(residual + column, sum, count, a.aligned);
#pragma unroll
                for (int i = 0; i < kVector; i++) v[j][i] = to_float(from_float<R>(v[j][i] + sum[i]));
                store_vector(residual + column, v[j], count, a.aligned);
            }
#pragma unroll
            for (int i = 0; i < kVector; i++) squares += v[j][i] * v[j][i];
        }
    }
    const float scale = 1.0f / sqrtf(row_sum<Threads>(squares) / a.width + a.eps);
#pragma unroll
    for (int j = 0; j < Vectors; j++) {
        const int column = (j * Threads + lane) * kVector;
        const int count = live ? a.width - column : 0;
        if (count > 0) {
            float w[kVector];
            if (weight != nullptr) load_vector(weight + column, w, count, a.aligned);
#pragma unroll
            for (int i = 0; i < kVector; i++) v[j][i] *= weight != nullptr ? scale * (a.weight_offset + w[i]) : scale;
            store_vector(output + column, v[j], count, a.aligned);
        }
    }
}

template <class X, class W, class Out, int Threads, int Vectors>
__global__ void __launch_bounds__(Threads < 128 ? 128 : Threads) rms_norm(const __grid_constant__ RmsNormArgs a)
{
    begin_kernel();
    normalize<X, X, W, Out, Threads, Vectors, false>(a);
}

template <class X, class R, class W, class Out, int Threads, int Vectors>
__global__ void __launch_bounds__(Threads < 128 ? 128 : Threads) add_rms_norm(const __grid_constant__ RmsNormArgs a)
{
    begin_kernel();
    normalize<X, R, W, Out, Threads, Vectors, true>(a);
}

}  // namespace sgl
