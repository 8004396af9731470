// Products of experts, bf16 or fp16, on tensor cores (sm_80 and later): x [rows of an expert] · weightᵀ, and for the first half of an
// expert gate and up side by side with their activation. One block: Rows rows of one expert, WarpsN · 32 rows of its weight; tiles of
// both pass through shared memory in steps of 64 along the depth, Stages of them under way. Every sum runs along the depth in the same
// steps of 16 whatever the size of the tile: its choice changes no bit.
#include "moe/experts.cuh"

namespace sgl {

// T is the type of x and weights, Out that of the output; Activation joins gates and ups and is void for a plain product.
template <class T, class Out, class Activation, int Rows, int WarpsM, int WarpsN, int Stages>
__global__ void __launch_bounds__(WarpsM * WarpsN * kWarpSize) experts(const __grid_constant__ ExpertArgs a)
{
    begin_kernel();
    constexpr bool gated = !same_type<Activation, void>;
    constexpr int threads = WarpsM * WarpsN * kWarpSize, weight_rows = WarpsN * 32, fragments = Rows / WarpsM / 16;
    // A warp's 32 rows of the weight are 16 gates and the 16 ups that belong to them, or 32 of one kind.
    constexpr int warp_columns = gated ? 16 : 32, columns = WarpsN * warp_columns;
    constexpr int chunks = kStep / kVector, stage_size = (Rows + weight_rows) * kTileStride;
    SGL_DYNAMIC_SHARED(shared);
    T* tiles = reinterpret_cast<T*>(shared);
    const int thread = threadIdx.x, warp = thread / kWarpSize, lane = thread % kWarpSize;
    const int warp_m = warp / WarpsN, warp_n = warp % WarpsN;

    ExpertTile tile;
    if (!find_expert_tile<Rows, columns>(a, tile)) return;
    const int total_rows = gated ? 2 * a.columns : a.columns;

    // A thread copies one vector of every so many rows, of x and of the weight; null where there is no row.
    constexpr int apart = threads / chunks;
    const int copied = thread / chunks, vector = thread % chunks * kVector;
    const T *x[Rows / apart], *weight[weight_rows / apart];
#pragma unroll
    for (int i = 0; i < Rows / apart; i++) {
        const int row = tile.first + i * apart + copied;
        x[i] = row < tile.end ? static_cast<const T*>(a.x) + source_row(a, row) * a.x_stride + vector : nullptr;
    }
#pragma unroll
    for (int i = 0; i < weight_rows / apart; i++) {
        const int row = i * apart + copied, within = tile.column + row / 32 * warp_columns + row % warp_columns;
        const i64 source = static_cast<i64>(tile.expert) * total_rows + (gated && row % 32 >= 16 ? a.columns : 0) + within;
        weight[i] = within < a.columns ? static_cast<const T*>(a.weight) + source * a.depth + vector : nullptr;
    }
    const int steps = ceil_div(a.depth, kStep);
    const auto start_copy = [&](int step) {
        if (step < steps) {
            T* to = tiles + step % Stages * stage_size + copied * kTileStride + vector;
            const bool within = step * kStep + vector < a.depth;
            const auto copy = [&](const T* from, int row) {
                const bool valid = within && from != nullptr;
                copy_async_16(to + row * kTileStride, valid ? from + step * kStep : a.weight, valid);
            };
#pragma unroll
            for (int i = 0; i < Rows / apart; i++) copy(x[i], i * apart);
#pragma unroll
            for (int i = 0; i < weight_rows / apart; i++) copy(weight[i], Rows + i * apart);
        }
        copy_async_commit();   // empty groups keep the count of what is pending the same
    };
#pragma unroll
    for (int stage = 0; stage < Stages - 1; stage++) start_copy(stage);

    float sums[fragments][4][4] = {};
    for (int step = 0; step < steps; step++) {
        copy_async_wait<Stages - 2>();
        __syncthreads();   // every thread's copies of this step have arrived, and the stage refilled next is no longer read
        start_copy(step + Stages - 1);
        const T* x_tile = tiles + step % Stages * stage_size + (warp_m * fragments * 16 + (lane & 15)) * kTileStride + (lane >> 4) * 8;
        const T* weight_tile = tiles + step % Stages * stage_size
            + (Rows + warp_n * 32 + (lane & 7) + (lane >> 4) * 8) * kTileStride + (lane >> 3 & 1) * 8;
#pragma unroll
        for (int k = 0; k < kStep; k += 16) {
            u32 w[2][4];
#pragma unroll
            for (int n = 0; n < 2; n++) load_matrix_x4(w[n], weight_tile + n * 16 * kTileStride + k);
#pragma unroll
            for (int m = 0; m < fragments; m++) {
                u32 v[4];
                load_matrix_x4(v, x_tile + m * 16 * kTileStride + k);
#pragma unroll
                for (int n = 0; n < 4; n++) mma_16x8x16<T>(sums[m][n], v, w[n / 2][n % 2 * 2], w[n / 2][n % 2 * 2 + 1]);
            }
        }
    }
    copy_async_wait<0>();

#pragma unroll
    for (int m = 0; m < fragments; m++)
#pragma unroll
        for (int r = 0; r < 2; r++) {
            const int row = tile.first + (warp_m * fragments + m) * 16 + lane / 4 + 8 * r;
            if (row >= tile.end) continue;
            const float factor = a.factors == nullptr ? 1.0f : a.factors[a.pairs[row]];
            Out* out = static_cast<Out*>(a.output) + target_row(a, row) * a.columns;
#pragma unroll
            for (int n = 0; n < warp_columns / 8; n++) {
                const int column = tile.column + warp_n * warp_columns + n * 8 + lane % 4 * 2;
                if (column >= a.columns) continue;
                const bool pair = column + 1 < a.columns;
                float value[2];
#pragma unroll
                for (int i = 0; i < 2; i++) {
                    const int c = i == 0 || pair ? column + i : column;
                    const float sum = with_bias(a, tile.expert, total_rows, c, factor, sums[m][n][2 * r + i]);
                    if constexpr (gated) {
                        const float up = with_bias(a, tile.expert, total_rows, a.columns + c, factor, sums[m][n + 2][2 * r + i]);
                        value[i] = limited_unit<Activation, Out>(sum, up, a.limit);
                    } else {
                        value[i] = sum;
                    }
                }
                if (a.columns % 2 != 0) {
                    out[column] = from_float<Out>(value[0]);
                    if (pair) out[column + 1] = from_float<Out>(value[1]);
                } else if constexpr (same_type<Out, float>) {
                    *reinterpret_cast<float2*>(out + column) = make_float2(value[0], value[1]);
                } else {
                    *reinterpret_cast<u32*>(out + column) = pack<Out>(value[0], value[1]);
                }
            }
        }
}

}  // namespace sgl
