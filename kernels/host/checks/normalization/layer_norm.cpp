#include "normalization/layer_norm.cu"
#include "check.h"

using namespace check;

KERNEL(sgl::layer_norm<float, bf16, bf16, 256, 1>)
KERNEL(sgl::layer_norm<float, float, float, 1024, 2>)
KERNEL(sgl::layer_norm<float, float, float, 8, 1>)

template <class W, class Out, int Threads, int Vectors> static void check_norm(const char* name, int rows, int width, int gap, bool weighted, bool biased, bool aligned)
{
    const int stride = width + gap, per_block = Threads < 128 ? 128 / Threads : 1;
    auto x = random<float>(rows * stride, 2, 5);
    auto weight = random<W>(width), bias = random<W>(width);
    Buffer<Out> output(rows * width);
    launch<&layer_norm<float, W, Out, Threads, Vectors>>({static_cast<unsigned>(ceil_div(rows, per_block))}, Threads * per_block,
        LayerNormArgs{x.device, weighted ? weight.device : nullptr, biased ? bias.device : nullptr, output.device, stride, 0, rows, 1, width, 1e-5f, aligned});
    Numbers expected(output.count);
    for (int r = 0; r < rows; r++) {
        double sum = 0, squares = 0;
        for (int i = 0; i < width; i++) sum += x[r * stride + i];
        for (int i = 0; i < width; i++) squares += (x[r * stride + i] - sum / width) * (x[r * stride + i] - sum / width);
        for (int i = 0; i < width; i++)
            expected[r * width + i] = (x[r * stride + i] - sum / width) / sqrt(squares / width + 1e-5) * (weighted ? weight[i] : 1) + (biased ? bias[i] : 0);
    }
    compare(name, output, expected);
}

CHECK
{
    check_norm<bf16, bf16, 256, 1>("3x2048 to bfloat16", 3, 2048, 8, true, true, true);
    check_norm<float, float, 1024, 2>("1x9000", 1, 9000, 0, true, false, true);
    check_norm<float, float, 8, 1>("21x61", 21, 61, 1, true, true, false);
    check_norm<float, float, 8, 1>("2x1, no weights", 2, 1, 0, false, false, false);
}
