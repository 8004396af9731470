// act(x[:, :I]) · x[:, I:] of [T, 2·I].
#include "elementwise/activations.cuh"
#include "include/sgl/rows.cuh"

namespace sgl {

struct GatedActivationArgs {
    const void* x;
    void* output;
    i64 x_stride;   // elements between rows
    i32 width;      // I
    i32 aligned;
};

template <class In, class Out, class Activation>
__global__ void gated_activation(const __grid_constant__ GatedActivationArgs a)
{
    begin_kernel();
    const int column = grid_column();
    if (column >= a.width) return;
    const int count = a.width - column;
    const In* row = static_cast<const In*>(a.x) + grid_row() * a.x_stride + column;
    float gate[kVector], up[kVector];
    load_vector(row, gate, count, a.aligned);
    load_vector(row + a.width, up, count, a.aligned);
#pragma unroll
    for (int i = 0; i < kVector; i++) gate[i] = within<Out>(Activation::template combine<Out>(gate[i], up[i]));
    store_vector(static_cast<Out*>(a.output) + grid_row() * a.width + column, gate, count, a.aligned);
}

}  // namespace sgl
