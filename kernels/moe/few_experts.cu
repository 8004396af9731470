// Products of experts of few rows each, bf16 or fp16, on tensor cores (sm_80 and later): what moe/experts.cu computes, where reading the
// weights is all that costs. The weight is the first operand of mma.m16n8k16, so that a product is of eight rows of x instead of sixteen,
// and a warp works for itself: eight rows of x and 16 of the weight, or 16 gates and their ups, pass through its own part of shared memory
// in steps of 64 along the depth, Stages of them under way, without a barrier. A sum runs along the depth as in moe/experts.cu, and gives
// the same bits.
#include "moe/experts.cuh"

namespace sgl {

inline constexpr int kFewRows = 8, kPiece = 16;

// T is the type of x and weights, Out that of the output; Activation joins gates and ups and is void for a plain product.
template <class T, class Out, class Activation, int Warps, int Stages>
__global__ void __launch_bounds__(Warps * kWarpSize) few_experts(const __grid_constant__ ExpertArgs a)
{
    begin_kernel();
    constexpr bool gated = !same_type<Activation, void>;
    constexpr int pieces = gated ? 2 : 1, weight_rows = pieces * kPiece, rows = weight_rows + kFewRows, copies = rows / 4;
    SGL_DYNAMIC_SHARED(shared);
    const int warp = threadIdx.x / kWarpSize, lane = threadIdx.x % kWarpSize;
    T* tiles = reinterpret_cast<T*>(shared) + warp * Stages * rows * kTileStride;
    ExpertTile tile;
    if (!find_expert_tile<kFewRows, Warps * kPiece>(a, tile)) return;
    const int first = tile.column + warp * kPiece;
    if (first >= a.columns) return;

    // A lane copies one vector of every fourth row: of the weight's, then of x's, null where there is none.
    const int copied = lane / 8, column = lane % 8 * kVector;
    const T* expert = static_cast<const T*>(a.weight) + static_cast<i64>(tile.expert) * pieces * a.columns * a.depth;
    const T* source[copies];
#pragma unroll
    for (int i = 0; i < copies; i++) {
        const int row = i * 4 + copied, x_row = tile.first + row - weight_rows;
        if (i * 4 < weight_rows)
            source[i] = expert + static_cast<i64>(row / kPiece * a.columns + min(first + row % kPiece, a.columns - 1)) * a.depth + column;
        else
            source[i] = x_row < tile.end ? static_cast<const T*>(a.x) + source_row(a, x_row) * a.x_stride + column : nullptr;
    }
    const int steps = ceil_div(a.depth, kStep);
    const auto start_copy = [&](int step) {
        if (step < steps) {
            T* to = tiles + step % Stages * rows * kTileStride + copied * kTileStride + column;
#pragma unroll
            for (int i = 0; i < copies; i++) {
                const bool valid = step * kStep + column < a.depth && source[i] != nullptr;
                copy_async_16(to + i * 4 * kTileStride, valid ? source[i] + step * kStep : a.weight, valid);
            }
        }
        copy_async_commit();   // empty groups keep the count of what is pending the same
    };
#pragma unroll
    for (int stage = 0; stage < Stages - 1; stage++) start_copy(stage);

    float sums[pieces][4] = {};
    for (int step = 0; step < steps; step++) {
        copy_async_wait<Stages - 2>();
        __syncwarp();   // all lanes' copies of this step have arrived, and the stage refilled next is no longer read
        start_copy(step + Stages - 1);
        const T* stage = tiles + step % Stages * rows * kTileStride;
        const T* weight = stage + (lane & 15) * kTileStride + (lane >> 4) * 8;
        const T* x = stage + (weight_rows + (lane & 7)) * kTileStride + (lane >> 3) * 8;
#pragma unroll
        for (int k = 0; k < kStep; k += 32) {
            u32 v[4];
            load_matrix_x4(v, x + k);
#pragma unroll
            for (int half = 0; half < 2; half++)
#pragma unroll
                for (int p = 0; p < pieces; p++) {
                    u32 w[4];
                    load_matrix_x4(w, weight + p * kPiece * kTileStride + k + half * 16);
                    mma_16x8x16<T>(sums[p], w, v[2 * half], v[2 * half + 1]);
                }
        }
    }
    copy_async_wait<0>();

#pragma unroll
    for (int i = 0; i < 4; i++) {
        const int row = tile.first + lane % 4 * 2 + i % 2, out = first + lane / 4 + i / 2 * 8;
        if (row >= tile.end || out >= a.columns) continue;
        const float factor = a.factors == nullptr ? 1.0f : a.factors[a.pairs[row]];
        float value = with_bias(a, tile.expert, pieces * a.columns, out, factor, sums[0][i]);
        if constexpr (gated) value = limited_unit<Activation, Out>(value, with_bias(a, tile.expert, pieces * a.columns, a.columns + out, factor, sums[1][i]), a.limit);
        static_cast<Out*>(a.output)[target_row(a, row) * a.columns + out] = from_float<Out>(value);
    }
}

}  // namespace sgl
