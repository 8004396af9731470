// Products of experts without tensor cores, in float32 throughout: for float32 models, where rounding products to 10 bits is not
// allowed, for inputs and weights of different types, and for rows that do not start at multiples of 16 bytes.
// One block: 16 rows of one expert, 64 rows of its weight (gated: 32 gates and their ups); a thread has 2 rows and 4 of those.
#include "moe/experts.cuh"

namespace sgl {

template <class T, class W, class Out, class Activation>
__global__ void __launch_bounds__(128) plain_experts(const __grid_constant__ ExpertArgs a)
{
    begin_kernel();
    constexpr bool gated = !same_type<Activation, void>;
    constexpr int rows = 16, weight_rows = 64, depth = 32, threads = 128, columns = gated ? 32 : 64;
    __shared__ float x_tile[rows][depth + 1], weight_tile[weight_rows][depth + 1];
    const int thread = threadIdx.x, pair_of_rows = thread / 16 * 2, lane = thread % 16;

    ExpertTile tile;
    if (!find_expert_tile<rows, columns>(a, tile)) return;
    const int first_column = tile.column;
    const int total_rows = gated ? 2 * a.columns : a.columns;
    const W* weight = static_cast<const W*>(a.weight) + static_cast<i64>(tile.expert) * total_rows * a.depth;

    float sums[2][4] = {};
    for (int first = 0; first < a.depth; first += depth) {
        __syncthreads();   // no thread still reads the tiles before
        for (int work = thread; work < rows * depth; work += threads) {
            const int row = work / depth, k = first + work % depth;
            const bool valid = tile.first + row < tile.end && k < a.depth;
            x_tile[row][work % depth] = valid ? to_float(static_cast<const T*>(a.x)[source_row(a, tile.first + row) * a.x_stride + k]) : 0.0f;
        }
        for (int work = thread; work < weight_rows * depth; work += threads) {
            const int row = work / depth, k = first + work % depth;
            const int within = first_column + row % columns;
            const bool valid = within < a.columns && k < a.depth;
            const int source = row >= columns ? a.columns + within : within;
            weight_tile[row][work % depth] = valid ? to_float(weight[static_cast<i64>(source) * a.depth + k]) : 0.0f;
        }
        __syncthreads();
#pragma unroll 8
        for (int k = 0; k < depth; k++) {
            const float x0 = x_tile[pair_of_rows][k], x1 = x_tile[pair_of_rows + 1][k];
#pragma unroll
            for (int n = 0; n < 4; n++) {
                const float w = weight_tile[n * 16 + lane][k];
                sums[0][n] += x0 * w;
                sums[1][n] += x1 * w;
            }
        }
    }

#pragma unroll
    for (int r = 0; r < 2; r++) {
        const int row = tile.first + pair_of_rows + r;
        if (row >= tile.end) continue;
        const float factor = a.factors == nullptr ? 1.0f : a.factors[a.pairs[row]];
        Out* out = static_cast<Out*>(a.output) + target_row(a, row) * a.columns;
#pragma unroll
        for (int n = 0; n < columns / 16; n++) {
            const int column = first_column + n * 16 + lane;
            if (column >= a.columns) continue;
            float value = with_bias(a, tile.expert, total_rows, column, factor, sums[r][n]);
            if constexpr (gated) {
                const float up = with_bias(a, tile.expert, total_rows, a.columns + column, factor, sums[r][n + 2]);
                value = limited_unit<Activation, Out>(value, up, a.limit);
            }
            out[column] = from_float<Out>(value);
        }
    }
}

}  // namespace sgl
