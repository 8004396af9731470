#include "elementwise/gating.cu"
#include "check.h"

using namespace check;

KERNEL(sgl::sigmoid_gate<float, float>)
KERNEL(sgl::clamp<float>)
KERNEL(sgl::soft_cap<float>)

// Rows with gaps between them, of inputs and of outputs.
template <auto Kernel, class Expected> static void check_rows(const char* name, int rows, int width, int gate_width, float limit, bool aligned, Expected of)
{
    const int stride = width + 8, output_stride = width + 16;
    auto x = random<float>(rows * stride, 50), gate = random<float>(rows * stride, 6), output = random<float>(rows * output_stride);
    Numbers expected(output.count);
    for (int i = 0; i < expected.count; i++) expected[i] = output[i];       // gaps stay as they are
    launch<Kernel>(row_grid(rows, width), row_threads(width),
        GatingArgs{x.device, gate.device, output.device, stride, stride, output_stride, width, gate_width, limit, aligned});
    for (int r = 0; r < rows; r++)
        for (int i = 0; i < width; i++) expected[r * output_stride + i] = of(x[r * stride + i], gate[r * stride + (gate_width == 1 ? 0 : i)]);
    compare(name, output, expected);
}

CHECK
{
    const auto gated = [](double x, double gate) { return x * sigmoid(gate); };
    check_rows<&sigmoid_gate<float, float>>("gates of 3x100", 3, 100, 100, 0, true, gated);
    check_rows<&sigmoid_gate<float, float>>("one gate for each of 5x33", 5, 33, 1, 0, false, gated);
    check_rows<&sgl::clamp<float>>("limits of 4x72", 4, 72, 1, 7, true, [](double x, double) { return x > 7 ? 7.0 : x < -7 ? -7.0 : x; });
    check_rows<&soft_cap<float>>("soft cap of 2x2049", 2, 2049, 1, 30, false, [](double x, double) { return 30 * tanh(x / 30); });
}
