// a + b, x · factor, conversion, splitting into two terms, and filling. Operands are [outer, inner, width] with strides; outputs are contiguous.
#include "include/sgl/rows.cuh"

namespace sgl {

struct ElementwiseArgs {
    const void* a;
    const void* b;
    void* output;
    i64 a_outer, a_inner;   // strides in elements
    i64 b_outer, b_inner;
    i32 inner;
    i32 width;
    float factor;
    i32 aligned;
};

__device__ __forceinline__ i64 source_offset(i64 row, i32 inner, i64 outer_stride, i64 inner_stride)
{
    return inner == 1 ? row * outer_stride : row / inner * outer_stride + row % inner * inner_stride;
}

template <class T>
__global__ void add(const __grid_constant__ ElementwiseArgs p)
{
    begin_kernel();
    const int column = grid_column();
    if (column >= p.width) return;
    const int count = p.width - column;
    float a[kVector], b[kVector];
    load_vector(static_cast<const T*>(p.a) + source_offset(grid_row(), p.inner, p.a_outer, p.a_inner) + column, a, count, p.aligned);
    load_vector(static_cast<const T*>(p.b) + source_offset(grid_row(), p.inner, p.b_outer, p.b_inner) + column, b, count, p.aligned);
#pragma unroll
    for (int i = 0; i < kVector; i++) a[i] += b[i];
    store_vector(static_cast<T*>(p.output) + grid_row() * p.width + column, a, count, p.aligned);
}

// factor · a, converted from In to Out; a plain conversion has factor 1.
template <class In, class Out>
__global__ void scale(const __grid_constant__ ElementwiseArgs p)
{
    begin_kernel();
    const int column = grid_column();
    if (column >= p.width) return;
    const int count = p.width - column;
    float a[kVector];
    load_vector(static_cast<const In*>(p.a) + source_offset(grid_row(), p.inner, p.a_outer, p.a_inner) + column, a, count, p.aligned);
#pragma unroll
    for (int i = 0; i < kVector; i++) a[i] *= p.factor;
    store_vector(static_cast<Out*>(p.output) + grid_row() * p.width + column, a, count, p.aligned);
}

// a rounded to Out in the upper half of the rows, what is left of it, rounded, in the lower half.
template <class Out>
__global__ void two_terms(const __grid_constant__ ElementwiseArgs p)
{
    begin_kernel();
    const int column = grid_column();
    if (column >= p.width) return;
    const int count = p.width - column;
    float a[kVector], rest[kVector];
    load_vector(static_cast<const float*>(p.a) + grid_row() * p.a_outer + column, a, count, p.aligned);
#pragma unroll
    for (int i = 0; i < kVector; i++) rest[i] = a[i] - to_float(from_float<Out>(a[i]));
    Out* output = static_cast<Out*>(p.output) + grid_row() * p.width + column;
    store_vector(output, a, count, p.aligned);
    store_vector(output + p.b_outer, rest, count, p.aligned);   // rows · width further on
}

struct FillArgs {
    void* output;
    i64 count;
    float value;
};

template <class T>
__global__ void fill(const __grid_constant__ FillArgs p)
{
    begin_kernel();
    const i64 step = static_cast<i64>(gridDim.x) * blockDim.x;
    const T value = from_float<T>(p.value);
    for (i64 i = static_cast<i64>(blockIdx.x) * blockDim.x + threadIdx.x; i < p.count; i += step) static_cast<T*>(p.output)[i] = value;
}

}  // namespace sgl
