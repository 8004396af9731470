// x · act(gate). Operands are [outer, inner, width] with strides; the output is contiguous.
#include "include/sgl/math.cuh"
#include "include/sgl/rows.cuh"

namespace sgl {

struct GateArgs {
    const void* x;
    const void* gate;
    void* output;
    i64 x_outer, x_inner;   // strides in elements
    i64 gate_outer, gate_inner;
    i32 inner;
    i32 width;
    i32 aligned;
};

template <class In, class Out, bool Silu>
__global__ void gate(const __grid_constant__ GateArgs a)
{
    begin_kernel();
    const int column = grid_column();
    if (column >= a.width) return;
    const int count = a.width - column;
    const i64 row = grid_row(), outer = row / a.inner, inner = row % a.inner;
    float x[kVector], g[kVector];
    load_vector(static_cast<const In*>(a.x) + outer * a.x_outer + inner * a.x_inner + column, x, count, a.aligned);
    load_vector(static_cast<const In*>(a.gate) + outer * a.gate_outer + inner * a.gate_inner + column, g, count, a.aligned);
#pragma unroll
    for (int i = 0; i < kVector; i++) x[i] *= Silu ? silu<Out>(g[i]) : g[i];
    store_vector(static_cast<Out*>(a.output) + row * a.width + column, x, count, a.aligned);
}

}  // namespace sgl
