// (x − mean) / sqrt(variance + eps) · weight + bias. A row belongs to a group of Threads threads, each of which holds its Vectors
// vectors in registers between the three passes; the launch depends on the width only, so a row's bits do not depend on the batch.
#include "include/sgl/reduce.cuh"
#include "include/sgl/vector.cuh"

namespace sgl {

struct LayerNormArgs {
    const void* x;
    const void* weight;     // may be null: all ones
    const void* bias;       // may be null: all zeros
    void* output;           // contiguous
    i64 x_outer, x_inner;   // strides in elements of [rows / inner, inner, width]
    i64 rows;               // below 2^32
    i32 inner;
    i32 width;
    float eps;
    i32 aligned;
};

// `scratch` belongs to one call.
template <int Threads>
__device__ __forceinline__ float group_sum(float value, float* scratch)
{
    if constexpr (Threads <= kWarpSize) return warp_reduce<Threads>(value, Sum{});
    else return block_reduce<Threads>(value, Sum{}, scratch);
}

// X, W and Out are the types of x, of weight and bias, and of the output.
template <class X, class W, class Out, int Threads, int Vectors>
__global__ void __launch_bounds__(Threads < 128 ? 128 : Threads) layer_norm(const __grid_constant__ LayerNormArgs a)
{
    begin_kernel();
    __shared__ float scratch[2][ceil_div(Threads, kWarpSize)];
    const int lane = threadIdx.x % Threads;
    const i64 row = static_cast<i64>(blockIdx.x) * (blockDim.x / Threads) + threadIdx.x / Threads;
    // Rows past the end take part in the shuffles of their warp with zeros.
    const bool live = row < a.rows;
    const u32 outer = static_cast<u32>(row) / static_cast<u32>(a.inner);
    const u32 inner = static_cast<u32>(row) - outer * a.inner;
    const X* x = static_cast<const X*>(a.x) + outer * a.x_outer + inner * a.x_inner;
    Out* output = static_cast<Out*>(a.output) + row * a.width;

    float v[Vectors][kVector];
    float sum = 0;
#pragma unroll
    for (int j = 0; j < Vectors; j++) {
        const int column = (j * Threads + lane) * kVector;
        load_vector(x + column, v[j], live ? a.width - column : 0, a.aligned);
#pragma unroll
        for (int i = 0; i < kVector; i++) sum += v[j][i];
    }
    const float mean = group_sum<Threads>(sum, scratch[0]) / a.width;
    float squares = 0;
#pragma unroll
    for (int j = 0; j < Vectors; j++)
#pragma unroll
        for (int i = 0; i < kVector; i++) {
            const int column = (j * Threads + lane) * kVector + i;
            v[j][i] = column < a.width ? v[j][i] - mean : 0.0f;
            squares += v[j][i] * v[j][i];
        }
    const float scale = 1.0f / sqrtf(group_sum<Threads>(squares, scratch[1]) / a.width + a.eps);
#pragma unroll
    for (int j = 0; j < Vectors; j++) {
        const int column = (j * Threads + lane) * kVector;
        const int count = live ? a.width - column : 0;
        if (count <= 0) continue;
        float p[kVector];
        if (a.weight != nullptr) {
            load_vector(static_cast<const W*>(a.weight) + column, p, count, a.aligned);
#pragma unroll
            for (int i = 0; i < kVector; i++) v[j][i] *= p[i];
        }
#pragma unroll
        for (int i = 0; i < kVector; i++) v[j][i] *= scale;
        if (a.bias != nullptr) {
            load_vector(static_cast<const W*>(a.bias) + column, p, count, a.aligned);
#pragma unroll
            for (int i = 0; i < kVector; i++) v[j][i] += p[i];
        }
        store_vector(output + column, v[j], count, a.aligned);
    }
}

}  // namespace sgl
