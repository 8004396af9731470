// The launch shape of kernels that treat each row by itself: grid (rows, pieces of a row), one vector per thread.
#pragma once
#include "include/sgl/vector.cuh"

namespace sgl {

// Most rows of every launch below a gigarow fit the grid; `row` is 64 bits because it is multiplied by strides.
__device__ __forceinline__ i64 grid_row() { return blockIdx.x; }

// First column of this thread's vector.
__device__ __forceinline__ int grid_column() { return (blockIdx.y * blockDim.x + threadIdx.x) * kVector; }

}  // namespace sgl
