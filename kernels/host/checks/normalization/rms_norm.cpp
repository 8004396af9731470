#include "normalization/rms_norm.cu"
#include "check.h"

using namespace check;

KERNEL(sgl::rms_norm<float, bf16, bf16, 16, 1>)
KERNEL(sgl::rms_norm<float, float, float, 4, 1>)
KERNEL(sgl::rms_norm<float, fp16, float, 1024, 2>)
KERNEL(sgl::add_rms_norm<float, float, bf16, bf16, 128, 1>)
KERNEL(sgl::add_rms_norm<float, float, float, float, 8, 1>)

template <class W, class Out, int Threads, int Vectors, bool Add>
static void check_norm(const char* name, int rows, int width, int gap, bool weighted, float offset, bool aligned)
{
    const int stride = width + gap, per_block = Threads < 128 ? 128 / Threads : 1;
    auto x = random<float>(rows * stride, 3), residual = random<float>(rows * width, 3);
    auto weight = random<W>(width);
    Buffer<Out> output(rows * width);
    Numbers expected(output.count), sums(output.count);
    for (int r = 0; r < rows; r++) {
        double squares = 0;
        for (int i = 0; i < width; i++) {
            sums[r * width + i] = x[r * stride + i] + (Add ? residual[r * width + i] : 0);
            squares += sums[r * width + i] * sums[r * width + i];
        }
        for (int i = 0; i < width; i++) expected[r * width + i] = sums[r * width + i] / sqrt(squares / width + 1e-5) * (weighted ? offset + weight[i] : 1);
    }
    const RmsNormArgs arguments{x.device, residual.device, weighted ? weight.device : nullptr, output.device, stride, 0, width, 0, width, rows, 1, width, 1e-5f, offset, aligned};
    const dim3 grid{static_cast<unsigned>(ceil_div(rows, per_block))};
    if constexpr (Add) launch<&add_rms_norm<float, float, W, Out, Threads, Vectors>>(grid, Threads * per_block, arguments);
    else launch<&rms_norm<float, W, Out, Threads, Vectors>>(grid, Threads * per_block, arguments);
    compare(name, output, expected);
    if (Add) compare("  the sums", residual, sums);
}

CHECK
{
    check_norm<bf16, bf16, 16, 1, false>("11x128 to bfloat16", 11, 128, 8, true, 0, true);
    check_norm<float, float, 4, 1, false>("5x17, weights around 1", 5, 17, 1, true, 1, false);
    check_norm<float, float, 4, 1, false>("1x1, no weights", 1, 1, 0, false, 0, false);
    check_norm<fp16, float, 1024, 2, false>("2x16384", 2, 16384, 0, true, 0, true);
    check_norm<bf16, bf16, 128, 1, true>("3x896 and residual, to bfloat16", 3, 896, 0, true, 0, true);
    check_norm<float, float, 8, 1, true>("19x50 and residual", 19, 50, 2, true, 0, false);
}
