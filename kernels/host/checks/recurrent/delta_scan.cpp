#include "recurrent/delta_chunks.cu"
#include "recurrent/delta_scan.cu"
#include "recurrent/delta.h"

using namespace check;

KERNEL(sgl::delta_chunks<float, bf16, 128, 128>)
KERNEL(sgl::delta_scan<bf16, float, 128, 128, 32, 2>)
KERNEL(sgl::delta_chunks<float, fp16, 128, 128>)
KERNEL(sgl::delta_scan<fp16, float, 128, 128, 32, 2>)

// What delta_chunks leaves, taken through the sequences: the whole rule against the loop token by token.
template <class T> static void check_scan(const char* name, const int (&lengths)[3])
{
    constexpr int dim = 128, heads = 2, columns = 32, stages = 2;
    DeltaBatch<dim> batch(lengths, 1, heads, dim);
    int chunks = 0, most = 0;
    for (const int length : lengths) chunks += ceil_div(length, kChunk), most = max(most, ceil_div(length, kChunk));
    Buffer<T> records(chunks * heads * ChunkRecord<dim, dim>::size);
    const auto arguments = batch.arguments(records.device, most);
    launch<&delta_chunks<float, T, dim, dim>>({heads, static_cast<unsigned>(chunks)}, 128, arguments,
        kChunk * (2 * (dim + 8) + dim + 8 + 2 * (kChunk + 8)) * 2 + kChunk * (kChunk + 1) * 4);
    const int stage = 2 * kChunk * (dim + 8) + dim * (kChunk + 8) + kChunk * (kChunk + 8) + kChunk * (columns + 8);
    launch<&delta_scan<T, float, dim, dim, columns, stages>>({dim / columns, heads, 3}, 128, arguments, (stages * stage + (dim + kChunk) * (columns + 8)) * 2);
    printf("  %s\n", name);
    compare("  outputs", batch.output, batch.expected, delta_rounding<T>);
    compare("  states", batch.state, batch.expected_state, delta_rounding<T>);
}

CHECK
{
    check_scan<bf16>("130 64 3 tokens in bfloat16", {130, 64, 3});
    check_scan<fp16>("20 65 1 tokens in float16", {20, 65, 1});
}
