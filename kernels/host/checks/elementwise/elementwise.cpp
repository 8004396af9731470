#include "elementwise/elementwise.cu"
#include "check.h"

using namespace check;

KERNEL(sgl::add<float>)
KERNEL(sgl::add<bf16>)
KERNEL(sgl::scale<float, bf16>)
KERNEL(sgl::scale<fp16, float>)
KERNEL(sgl::fill<fp16>)
KERNEL(sgl::two_terms<fp16>)
KERNEL(sgl::two_terms<bf16>)

template <class T> static void check_add(const char* name, int rows, int width, int gap, bool aligned)
{
    auto a = random<T>(rows * (width + gap)), b = random<T>(rows * width);
    Buffer<T> output(rows * width);
    launch<&sgl::add<T>>(row_grid(rows, width), row_threads(width),
        ElementwiseArgs{a.device, b.device, output.device, width + gap, 0, width, 0, 1, width, 1, aligned});
    Numbers expected(rows * width);
    for (int i = 0; i < expected.count; i++) expected[i] = a[i / width * (width + gap) + i % width] + b[i];
    compare(name, output, expected);
}

// Rows in groups of three, `gap` elements between groups.
template <class In, class Out> static void check_scale(const char* name, int groups, int width, int gap, float factor, bool aligned)
{
    const int inner = 3, outer = inner * width + gap;
    auto a = random<In>(groups * outer, 10);
    Buffer<Out> output(groups * inner * width);
    launch<&sgl::scale<In, Out>>(row_grid(groups * inner, width), row_threads(width),
        ElementwiseArgs{a.device, nullptr, output.device, outer, width, 0, 0, inner, width, factor, aligned});
    Numbers expected(output.count);
    for (int i = 0; i < expected.count; i++) expected[i] = factor * a[i / (inner * width) * outer + i % (inner * width)];
    compare(name, output, expected);
}

// The rounded numbers in the first half of the rows, what is left of them in the second: together more bits than the type has.
template <class T> static void check_terms(const char* name, int rows, int width, int gap, bool aligned)
{
    auto x = random<float>(rows * (width + gap), 5);
    Buffer<T> output(2 * rows * width);
    launch<&sgl::two_terms<T>>(row_grid(rows, width), row_threads(width),
        ElementwiseArgs{x.device, nullptr, output.device, width + gap, 0, rows * width, 0, 1, width, 1, aligned});
    output.download();
    Buffer<float> sums(rows * width);
    Numbers expected(sums.count);
    for (int i = 0; i < sums.count; i++) {
        expected[i] = x[i / width * (width + gap) + i % width];
        sums.host[i] = static_cast<float>(output[i] + output[sums.count + i]);
    }
    compare(name, sums.upload(), expected, rounding<T> * rounding<T>);
}

CHECK
{
    check_terms<fp16>("two terms of 5x33, float16", 5, 33, 2, false);
    check_terms<bf16>("two terms of 3x64, bfloat16", 3, 64, 8, true);
    check_add<float>("sum of 1x1", 1, 1, 0, false);
    check_add<float>("sum of 3x100, rows 104 apart", 3, 100, 4, true);
    check_add<bf16>("sum of 7x33, bfloat16", 7, 33, 1, false);
    check_scale<float, bf16>("5x3x64 by 1, to bfloat16", 5, 64, 8, 1, true);
    check_scale<fp16, float>("2x3x2100 by -0.5, from float16", 2, 2100, 0, -0.5f, false);

    Buffer<fp16> filled(1000);
    launch<&sgl::fill<fp16>>({2}, 128, FillArgs{filled.device, filled.count, 1.5f});
    Numbers expected(filled.count);
    for (int i = 0; i < expected.count; i++) expected[i] = 1.5;
    compare("fill of 1000", filled, expected, 0);
}
