// An RMS norm of rows whose elements are spread over ranks, in two steps: the sum of squares of this rank's part, which the ranks then
// add up, and the norm of the part once the sum is known. Rows may have gaps between them.
#include "include/sgl/reduce.cuh"
#include "include/sgl/rows.cuh"

namespace sgl {

struct SplitRmsNormArgs {
    void* x;            // [rows, width], read by the first step, overwritten by the second
    const void* weight; // [width]
    float* squares;     // [rows]
    i64 x_stride;       // elements between rows
    i32 width;
    float whole;        // elements of a whole row
    float eps;
    float weight_offset;
    i32 aligned;
};

constexpr int kSquaresThreads = 256;

// A block takes a row; what each thread adds depends on the width alone.
template <class X>
__global__ void __launch_bounds__(kSquaresThreads) row_squares(const __grid_constant__ SplitRmsNormArgs a)
{
    begin_kernel();
    __shared__ float scratch[kSquaresThreads / kWarpSize];
    const X* x = static_cast<const X*>(a.x) + static_cast<i64>(blockIdx.x) * a.x_stride;
    float squares = 0;
    for (int column = threadIdx.x * kVector; column < a.width; column += kSquaresThreads * kVector) {
        float v[kVector] = {};
        load_vector(x + column, v, a.width - column, a.aligned);
#pragma unroll
        for (int i = 0; i < kVector; i++)
            if (column + i < a.width) squares += v[i] * v[i];
    }
    squares = block_reduce<kSquaresThreads>(squares, Sum{}, scratch);
    if (threadIdx.x == 0) a.squares[blockIdx.x] = squares;
}

template <class X, class W>
__global__ void norm_rows(const __grid_constant__ SplitRmsNormArgs a)
{
    begin_kernel();
    const int column = grid_column();
    if (column >= a.width) return;
    const int count = a.width - column;
    X* x = static_cast<X*>(a.x) + grid_row() * a.x_stride + column;
    const float scale = 1.0f / sqrtf(a.squares[grid_row()] / a.whole + a.eps);
    float v[kVector], w[kVector];
    load_vector(x, v, count, a.aligned);
    load_vector(static_cast<const W*>(a.weight) + column, w, count, a.aligned);
#pragma unroll
    for (int i = 0; i < kVector; i++) v[i] *= scale * (a.weight_offset + w[i]);
    store_vector(x, v, count, a.aligned);
}

}  // namespace sgl
