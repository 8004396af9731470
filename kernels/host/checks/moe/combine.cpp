#include "moe/combine.cu"
#include "check.h"

using namespace check;

KERNEL(sgl::combine_experts<float>)

static void check_combine(const char* name, int tokens, int top_k, int width, int gap, bool weighted, bool aligned)
{
    const int stride = width + gap;
    auto x = random<float>(tokens * top_k * stride), weights = random<float>(tokens * top_k);
    Buffer<float> output(tokens * width);
    launch<&combine_experts<float>>(row_grid(tokens, width), row_threads(width),
        CombineExpertsArgs{x.device, weighted ? weights.device : nullptr, output.device, stride, top_k, width, aligned});
    Numbers expected(output.count);
    for (int i = 0; i < expected.count; i++)
        for (int j = 0; j < top_k; j++) {
            const int pair = i / width * top_k + j;
            expected[i] += (weighted ? weights[pair] : 1) * x[pair * stride + i % width];
        }
    compare(name, output, expected);
}

CHECK
{
    check_combine("5 tokens of 2x64", 5, 2, 64, 0, true, true);
    check_combine("3 tokens of 8x33, no weights", 3, 8, 33, 1, false, false);
    check_combine("1 token of 1x2880", 1, 1, 2880, 8, true, true);
}
