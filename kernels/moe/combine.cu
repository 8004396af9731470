// output[t] = Σ_j weight[t, j] · x[t · top_k + j], in the order of j.
#include "include/sgl/rows.cuh"

namespace sgl {

struct CombineExpertsArgs {
    const void* x;          // [tokens · top_k, width], strided
    const float* weights;   // [tokens, top_k]; null: all ones
    void* output;           // [tokens, width]
    i64 x_stride;
    i32 top_k;
    i32 width;
    i32 aligned;
};

template <class T>
__global__ void combine_experts(const __grid_constant__ CombineExpertsArgs a)
{
    begin_kernel();
    const int column = grid_column();
    if (column >= a.width) return;
    const int count = a.width - column;
    const i64 first = grid_row() * a.top_k;
    float sum[kVector] = {};
#pragma unroll 4
    for (int j = 0; j < a.top_k; j++) {
        float x[kVector];
        load_vector(static_cast<const T*>(a.x) + (first + j) * a.x_stride + column, x, count, a.aligned);
        const float weight = a.weights == nullptr ? 1.0f : a.weights[first + j];
#pragma unroll
        for (int i = 0; i < kVector; i++) sum[i] += weight * x[i];
    }
    store_vector(static_cast<T*>(a.output) + grid_row() * a.width + column, sum, count, a.aligned);
}

}  // namespace sgl
