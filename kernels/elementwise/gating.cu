// x · σ(gate), limits and soft caps, row by row; inputs and outputs may have gaps between rows.
#include "include/sgl/math.cuh"
#include "include/sgl/rows.cuh"

namespace sgl {

struct GatingArgs {
    const void* x;
    const void* gate;       // sigmoid_gate only
    void* output;
    i64 x_stride, gate_stride, output_stride;   // elements between rows
    i32 width;
    i32 gate_width;         // that of x, or 1 for one gate per row
    float limit;            // clamp and soft_cap only
    i32 aligned;
};

template <class T, class G>
__global__ void sigmoid_gate(const __grid_constant__ GatingArgs a)
{
    begin_kernel();
    const int column = grid_column();
    if (column >= a.width) return;
    const int count = a.width - column;
    const G* gate_row = static_cast<const G*>(a.gate) + grid_row() * a.gate_stride;
    float x[kVector], gate[kVector];
    load_vector(static_cast<const T*>(a.x) + grid_row() * a.x_stride + column, x, count, a.aligned);
    if (a.gate_width == 1) {
        const float g = to_float(*gate_row);
#pragma unroll
        for (int i = 0; i < kVector; i++) gate[i] = g;
    } else {
        load_vector(gate_row + column, gate, count, a.aligned);
    }
#pragma unroll
    for (int i = 0; i < kVector; i++) x[i] *= 1.0f / (1.0f + expf(-gate[i]));
    store_vector(static_cast<T*>(a.output) + grid_row() * a.output_stride + column, x, count, a.aligned);
}

template <class T>
__global__ void clamp(const __grid_constant__ GatingArgs a)
{
    begin_kernel();
    const int column = grid_column();
    if (column >= a.width) return;
    const int count = a.width - column;
    float x[kVector];
    load_vector(static_cast<const T*>(a.x) + grid_row() * a.x_stride + column, x, count, a.aligned);
#pragma unroll
    for (int i = 0; i < kVector; i++) x[i] = x[i] > a.limit ? a.limit : x[i] < -a.limit ? -a.limit : x[i];
    store_vector(static_cast<T*>(a.output) + grid_row() * a.output_stride + column, x, count, a.aligned);
}

// limit · tanh(x / limit)
template <class T>
__global__ void soft_cap(const __grid_constant__ GatingArgs a)
{
    begin_kernel();
    const int column = grid_column();
    if (column >= a.width) return;
    const int count = a.width - column;
    float x[kVector];
    load_vector(static_cast<const T*>(a.x) + grid_row() * a.x_stride + column, x, count, a.aligned);
#pragma unroll
    for (int i = 0; i < kVector; i++) x[i] = a.limit * tanhf(x[i] / a.limit);
    store_vector(static_cast<T*>(a.output) + grid_row() * a.output_stride + column, x, count, a.aligned);
}

}  // namespace sgl
