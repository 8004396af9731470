#include "embedding/embedding.cu"
#include "check.h"

using namespace check;

KERNEL(sgl::embedding<bf16, float>)
KERNEL(sgl::embedding<float, float>)

template <class In, class Out> static void check_embedding(const char* name, int width, int stride, bool aligned, int first = 0)
{
    const int rows = 11, ids[] = {3, 0, 10, 3, -1, 11, 7};      // some lie outside the table, which begins with row `first`
    auto table = random<In>(rows * stride);
    auto tokens = buffer_of(ids);
    Buffer<Out> output(tokens.count * width);
    launch<&sgl::embedding<In, Out>>(row_grid(tokens.count, width), row_threads(width),
        EmbeddingArgs{tokens.device, table.device, output.device, stride, first, rows, width, aligned});
    Numbers expected(output.count);
    for (int i = 0; i < expected.count; i++) {
        const int id = ids[i / width] - first;
        expected[i] = id >= 0 && id < rows ? table[id * stride + i % width] : 0;
    }
    compare(name, output, expected, 0);
}

CHECK
{
    check_embedding<bf16, float>("11x64 of bfloat16", 64, 64, true);
    check_embedding<float, float>("11x33, rows 40 apart", 33, 40, false);
    check_embedding<float, float>("11x32 from row 4", 32, 32, true, 4);
    check_embedding<bf16, float>("11x2056", 2056, 2064, true);
}
