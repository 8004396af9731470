#include "normalization/split_rms_norm.cu"
#include "check.h"

using namespace check;

KERNEL(sgl::row_squares<float>)
KERNEL(sgl::norm_rows<float, float>)
KERNEL(sgl::norm_rows<float, bf16>)

// One rank's part of rows: the squares of the others are added between the two steps.
template <class W> static void check_norm(const char* name, int rows, int width, int gap, float others, bool aligned)
{
    const int stride = width + gap, whole = 3 * width;
    auto x = random<float>(rows * stride, 3);
    auto weight = random<W>(width);
    Buffer<float> squares(rows);
    Numbers sums(rows), expected(x.count);
    for (int r = 0; r < rows; r++)
        for (int i = 0; i < width; i++) sums[r] += x[r * stride + i] * x[r * stride + i];
    for (int i = 0; i < x.count; i++)
        expected[i] = i % stride < width ? x[i] / sqrt((sums[i / stride] + others) / whole + 1e-5) * (1 + weight[i % stride]) : x[i];
    SplitRmsNormArgs arguments{x.device, weight.device, squares.device, stride, width, static_cast<float>(whole), 1e-5f, 1, aligned};
    launch<&row_squares<float>>({static_cast<unsigned>(rows)}, kSquaresThreads, arguments);
    compare("  sums of squares", squares, sums);
    squares.download();
    for (int r = 0; r < rows; r++) squares.host[r] += others;
    squares.upload();
    launch<&norm_rows<float, W>>(row_grid(rows, width), row_threads(width), arguments);
    compare(name, x, expected);
}

CHECK
{
    check_norm<float>("1x1", 1, 1, 0, 2, false);
    check_norm<float>("5x33 with gaps", 5, 33, 3, 7, false);
    check_norm<bf16>("3x4096, weights in bfloat16", 3, 4096, 8, 300, true);
}
