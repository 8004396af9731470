#include "elementwise/gate.cu"
#include "check.h"

using namespace check;

KERNEL(sgl::gate<float, float, false>)
KERNEL(sgl::gate<float, bf16, true>)
KERNEL(sgl::gate<fp16, fp16, true>)

// Rows of two heads, the gates in the columns after them.
template <class In, class Out, bool Silu> static void check_gate(const char* name, int rows, int width, bool aligned)
{
    const int inner = 2, stride = 2 * inner * width;
    auto x = random<In>(rows * stride, 4);
    Buffer<Out> output(rows * inner * width);
    launch<&gate<In, Out, Silu>>(row_grid(rows * inner, width), row_threads(width),
        GateArgs{x.device, x.device + inner * width, output.device, stride, width, stride, width, inner, width, aligned});
    Numbers expected(output.count);
    for (int i = 0; i < expected.count; i++) {
        const int at = i / (inner * width) * stride + i % (inner * width);
        const double g = x[at + inner * width];
        expected[i] = x[at] * (Silu ? g * sigmoid(g) : g);
    }
    compare(name, output, expected);
}

CHECK
{
    check_gate<float, float, false>("3x2x33, unaligned", 3, 33, false);
    check_gate<float, float, false>("1x2x1", 1, 1, false);
    check_gate<float, bf16, true>("5x2x64, SiLU, to bfloat16", 5, 64, true);
    check_gate<fp16, fp16, true>("2x2x2056, SiLU, float16", 2, 2056, true);
}
