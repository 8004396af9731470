// The gates of a gated delta rule: log decay −exp(a_log) · softplus(a + dt_bias) and beta σ(b), a thread per value.
#include "include/sgl/convert.cuh"

namespace sgl {

struct DeltaGateArgs {
    const void* a;          // [T, heads], strided rows
    const void* b;
    const void* a_log;      // [heads]
    const void* dt_bias;
    float* log_decay;       // [T, heads]
    float* beta;
    i64 a_stride, b_stride;
    i64 count;              // T · heads
    i32 heads;
};

template <class T, class W>
__global__ void delta_gates(const __grid_constant__ DeltaGateArgs p)
{
    begin_kernel();
    const i64 index = static_cast<i64>(blockIdx.x) * blockDim.x + threadIdx.x;
    if (index >= p.count) return;
    const i64 token = index / p.heads;
    const int head = static_cast<int>(index % p.heads);
    const float step = to_float(static_cast<const T*>(p.a)[token * p.a_stride + head]) + to_float(static_cast<const W*>(p.dt_bias)[head]);
    const float b = to_float(static_cast<const T*>(p.b)[token * p.b_stride + head]);
    // ln(1 + e^x), of which e^x would overflow long after 1 has ceased to matter.
    const float softplus = fmaxf(step, 0.0f) + log1pf(expf(-fabsf(step)));
    p.log_decay[index] = -expf(to_float(static_cast<const W*>(p.a_log)[head])) * softplus;
    p.beta[index] = 1.0f / (1.0f + expf(-b));
}

}  // namespace sgl
