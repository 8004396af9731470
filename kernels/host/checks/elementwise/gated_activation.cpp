#include "elementwise/gated_activation.cu"
#include "check.h"

using namespace check;

KERNEL(sgl::gated_activation<float, bf16, sgl::Silu>)
KERNEL(sgl::gated_activation<float, float, sgl::Gelu>)
KERNEL(sgl::gated_activation<fp16, fp16, sgl::GeluTanh>)
KERNEL(sgl::gated_activation<float, bf16, sgl::SwigluOss>)

static double activated(Silu, double gate, double up) { return gate * sigmoid(gate) * up; }
static double activated(Gelu, double gate, double up) { return 0.5 * gate * (1 + erf(gate / sqrt(2.0))) * up; }
static double activated(GeluTanh, double gate, double up) { return 0.5 * gate * (1 + tanh(sqrt(2 / 3.14159265358979324) * (gate + 0.044715 * gate * gate * gate))) * up; }
static double activated(SwigluOss, double gate, double up) { return gate * sigmoid(1.702 * gate) * (up + 1); }

template <class In, class Out, class Activation> static void check_activation(const char* name, int rows, int width, int gap, float range, bool aligned)
{
    const int stride = 2 * width + gap;
    auto x = random<In>(rows * stride, range);
    Buffer<Out> output(rows * width);
    launch<&sgl::gated_activation<In, Out, Activation>>(row_grid(rows, width), row_threads(width), GatedActivationArgs{x.device, output.device, stride, width, aligned});
    Numbers expected(output.count);
    for (int i = 0; i < expected.count; i++) {
        const int at = i / width * stride + i % width;
        expected[i] = activated(Activation{}, x[at], x[at + width]);
    }
    compare(name, output, expected);
}

CHECK
{
    check_activation<float, bf16, Silu>("SiLU 3x96 to bfloat16", 3, 96, 8, 4, true);
    check_activation<float, bf16, Silu>("SiLU 2x2880 of large numbers", 2, 2880, 0, 100, true);
    check_activation<float, float, Gelu>("GELU 5x33", 5, 33, 1, 4, false);
    check_activation<fp16, fp16, GeluTanh>("GELU by tanh 7x8, float16", 7, 8, 0, 4, true);
    check_activation<float, bf16, SwigluOss>("gpt-oss' 1x1", 1, 1, 0, 4, false);
}
