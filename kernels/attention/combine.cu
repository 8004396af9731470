// Merges the parts that decode_attention or plain_attention left of a sequence's one token, in their order: a warp per query head.
#include "attention/arguments.cuh"

namespace sgl {

template <class T, int HeadDim>
__global__ void __launch_bounds__(128) combine_splits(const __grid_constant__ AttentionArgs a)
{
    begin_kernel();
    constexpr int columns = ceil_div(HeadDim, kWarpSize);
    const int lane = threadIdx.x % kWarpSize;
    const i64 row = static_cast<i64>(blockIdx.x) * (blockDim.x / kWarpSize) + threadIdx.x / kWarpSize;
    if (row >= static_cast<i64>(a.sequences) * a.query_heads) return;
    const int sequence = static_cast<int>(row / a.query_heads), head = static_cast<int>(row % a.query_heads);
    const int query_start = a.query_start[sequence];
    if (a.query_start[sequence + 1] - query_start != 1) return;
    const int parts = KeyParts(a, a.kv_lengths[sequence]).count;
    if (parts == 1) return;   // written already

    const float* lse = a.partial_lse + row * a.splits;
    const float* partial = a.partial + row * a.splits * HeadDim;
    float top = negative_infinity();
    for (int s = lane; s < parts; s += kWarpSize) top = fmaxf(top, lse[s]);
#pragma unroll
    for (int offset = kWarpSize / 2; offset > 0; offset /= 2) top = fmaxf(top, __shfl_xor_sync(kFullWarp, top, offset));
    const float base = top == negative_infinity() ? 0.0f : top;
    float value[columns] = {};
    float sum = 0;
#pragma unroll 4
    for (int s = 0; s < parts; s++) {
        const float weight = fast_exp2(lse[s] - base);
        sum += weight;
#pragma unroll
        for (int c = 0; c < columns; c++) {
            const int d = c * kWarpSize + lane;
            if (d < HeadDim) value[c] += weight * partial[static_cast<i64>(s) * HeadDim + d];
        }
    }
    const float inverse = softmax_share(a, head, base, sum);
    T* out = static_cast<T*>(a.output) + (static_cast<i64>(query_start) * a.query_heads + head) * HeadDim;
#pragma unroll
    for (int c = 0; c < columns; c++) {
        const int d = c * kWarpSize + lane;
        if (d < HeadDim) out[d] = from_float<T>(value[c] * inverse);
    }
}

}  // namespace sgl
