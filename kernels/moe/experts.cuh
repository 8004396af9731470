// What the kernels of a layer's experts are told, and which part of the work a block has. Two products have this form: gate and up
// (rows of x gathered, two halves of a weight joined by an activation) and down (rows as they come, results scattered).
#pragma once
#include "elementwise/activations.cuh"
#include "include/sgl/vector.cuh"

namespace sgl {

// Depth of a step of the tensor-core kernels in elements; rows in shared memory are 16 bytes longer, so that eight neighbours start in
// different banks.
inline constexpr int kStep = 64, kTileStride = kStep + 8;

struct ExpertArgs {
    const void* x;          // rows of `depth` elements
    const void* weight;     // [experts, columns (gated: 2 · columns, gates above ups), depth], contiguous
    const float* bias;      // [experts, columns (gated: 2 · columns)]; null for none
    void* output;           // [pairs, columns], contiguous
    const i32* pairs;       // [pairs], by expert
    const i32* starts;      // [experts + 1]: where each expert's pairs begin
    const float* factors;   // [pairs] by pair: what a row's products are multiplied by before the bias; null for 1
    i64 x_stride;           // elements between rows of x
    i32 experts;
    i32 columns;
    i32 depth;
    i32 top_k;              // row r of the product is row pairs[r] / top_k of x; 0: row r
    i32 scatter;            // row r of the product goes to row pairs[r]; 0: to row r
    float limit;            // of gates and ups; 0 for none
};

// Rows first … end − 1 of the product, all of one expert, and from which column on.
struct ExpertTile {
    int expert;
    int first;
    int end;
    int column;
};

// The block's tile of Rows rows and Columns columns; false past the last. An expert follows the one before, and all of its rows take a
// column's weights before the next column's: the blocks that run at a time read few weights, and memory gives each only once.
// Every warp of the block computes it for itself.
template <int Rows, int Columns>
__device__ __forceinline__ bool find_expert_tile(const ExpertArgs& a, ExpertTile& tile)
{
    const int lane = threadIdx.x % kWarpSize, column_tiles = ceil_div(a.columns, Columns), index = blockIdx.x / column_tiles;
    int before = 0;     // tiles of rows of the experts before
    for (int base = 0; base < a.experts; base += kWarpSize) {
        const int expert = base + lane;
        int start = 0, end = 0;
        if (expert < a.experts) {
            start = a.starts[expert];
            end = a.starts[expert + 1];
        }
        const int count = ceil_div(end - start, Rows);
        int through = count;
#pragma unroll
        for (int offset = 1; offset < kWarpSize; offset *= 2) {
            const int before = __shfl_up_sync(kFullWarp, through, offset);
            if (lane >= offset) through += before;
        }
        const int total = __shfl_sync(kFullWarp, through, kWarpSize - 1);
        if (index < before + total) {
            const int owner = __ffs(static_cast<int>(__ballot_sync(kFullWarp, before + through > index))) - 1;
            const int tiles = __shfl_sync(kFullWarp, count, owner);
            const int within = blockIdx.x - (before + __shfl_sync(kFullWarp, through - count, owner)) * column_tiles;
            tile.expert = base + owner;
            tile.first = __shfl_sync(kFullWarp, start, owner) + within % tiles * Rows;
            tile.end = min(tile.first + Rows, __shfl_sync(kFullWarp, end, owner));
            tile.column = within / tiles * Columns;
            return true;
        }
        before += total;
    }
    return false;
}

// The row of x that a row of the product is made of.
__device__ __forceinline__ i64 source_row(const ExpertArgs& a, int row) { return a.top_k > 0 ? a.pairs[row] / a.top_k : row; }

// Where a row of the product goes.
__device__ __forceinline__ i64 target_row(const ExpertArgs& a, int row) { return a.scatter ? a.pairs[row] : row; }

// A sum of products with its row's factor and its column's bias. `column` counts the weight's rows.
__device__ __forceinline__ float with_bias(const ExpertArgs& a, int expert, int weight_rows, int column, float factor, float sum)
{
    if (a.factors != nullptr) sum *= factor;
    return a.bias == nullptr ? sum : sum + a.bias[static_cast<i64>(expert) * weight_rows + column];
}

}  // namespace sgl
