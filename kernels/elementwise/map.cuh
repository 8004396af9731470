// An expression of up to four inputs, element by element. Around this header a source of three lines is written for each expression:
// a struct with `static float apply(float x, ...)`. Inputs are [outer, inner, width] with strides; the output is contiguous.
#pragma once
#include "include/sgl/rows.cuh"

namespace sgl {

struct MapArgs {
    const void* input[4];
    i64 outer[4];   // strides in elements
    i64 inner_stride[4];
    void* output;
    i32 inner;
    i32 width;
    i32 aligned;
};

template <class T>
__device__ __forceinline__ void load_input(const MapArgs& p, int index, int column, float (&v)[kVector])
{
    const i64 row = grid_row();
    const i64 offset = p.inner == 1 ? row * p.outer[index] : row / p.inner * p.outer[index] + row % p.inner * p.inner_stride[index];
    load_vector(static_cast<const T*>(p.input[index]) + offset + column, v, p.width - column, p.aligned);
}

template <class F, class Out, class X>
__global__ void map(const __grid_constant__ MapArgs p)
{
    begin_kernel();
    const int column = grid_column();
    if (column >= p.width) return;
    float x[kVector];
    load_input<X>(p, 0, column, x);
#pragma unroll
    for (int i = 0; i < kVector; i++) x[i] = F::apply(x[i]);
    store_vector(static_cast<Out*>(p.output) + grid_row() * p.width + column, x, p.width - column, p.aligned);
}

template <class F, class Out, class X, class Y>
__global__ void map(const __grid_constant__ MapArgs p)
{
    begin_kernel();
    const int column = grid_column();
    if (column >= p.width) return;
    float x[kVector], y[kVector];
    load_input<X>(p, 0, column, x);
    load_input<Y>(p, 1, column, y);
#pragma unroll
    for (int i = 0; i < kVector; i++) x[i] = F::apply(x[i], y[i]);
    store_vector(static_cast<Out*>(p.output) + grid_row() * p.width + column, x, p.width - column, p.aligned);
}

template <class F, class Out, class X, class Y, class Z>
__global__ void map(const __grid_constant__ MapArgs p)
{
    begin_kernel();
    const int column = grid_column();
    if (column >= p.width) return;
    float x[kVector], y[kVector], z[kVector];
    load_input<X>(p, 0, column, x);
    load_input<Y>(p, 1, column, y);
    load_input<Z>(p, 2, column, z);
#pragma unroll
    for (int i = 0; i < kVector; i++) x[i] = F::apply(x[i], y[i], z[i]);
    store_vector(static_cast<Out*>(p.output) + grid_row() * p.width + column, x, p.width - column, p.aligned);
}

template <class F, class Out, class X, class Y, class Z, class W>
__global__ void map(const __grid_constant__ MapArgs p)
{
    begin_kernel();
    const int column = grid_column();
    if (column >= p.width) return;
    float x[kVector], y[kVector], z[kVector], w[kVector];
    load_input<X>(p, 0, column, x);
    load_input<Y>(p, 1, column, y);
    load_input<Z>(p, 2, column, z);
    load_input<W>(p, 3, column, w);
#pragma unroll
    for (int i = 0; i < kVector; i++) x[i] = F::apply(x[i], y[i], z[i], w[i]);
    store_vector(static_cast<Out*>(p.output) + grid_row() * p.width + column, x, p.width - column, p.aligned);
}

}  // namespace sgl
