#include "attention/decode.cu"
#include "attention/attention.h"

using namespace check;

KERNEL(sgl::decode_attention<bf16, 64, 16, 4, 3, false>)
KERNEL(sgl::decode_attention<fp16, 64, 1, 4, 3, true>)
KERNEL(sgl::decode_attention<bf16, 128, 64, 4, 3, false>)
KERNEL(sgl::decode_attention<bf16, 256, 16, 2, 2, false>)

// Of a sequence in several parts the kernel leaves each part's output and the logarithm of its weight: merged here.
template <class T, int Dim, int PageSize, int Warps, int Stages, bool SoftCap, int N>
static void check_decode(const char* name, AttentionShape shape, const Sequence (&sequences)[N], int splits = 1)
{
    shape.dim = Dim;
    shape.page_size = PageSize;
    AttentionBatch<T, T> batch(shape, sequences);
    const int rows = N * shape.heads;
    Buffer<float> partial(rows * splits * Dim), lse(rows * splits);
    partial.set(0);
    lse.set(-1e30f);
    launch<&decode_attention<T, Dim, PageSize, Warps, Stages, SoftCap>>({static_cast<unsigned>(N * shape.kv_heads * ceil_div(batch.group(), 16) * splits)}, Warps * 32,
        batch.arguments(splits, partial.device, lse.device), (1 + Warps * Stages * 2) * 16 * (round_up(Dim, 16) + 8) * 2);
    auto expected = batch.expected();
    if (splits == 1) return compare(name, batch.output, expected, attention_rounding<T>);
    batch.output.download();
    partial.download();
    lse.download();
    Buffer<float> merged(rows * Dim);
    for (int i = 0; i < merged.count; i++) {
        double sum = 0, value = 0;
        for (int s = 0; s < splits; s++) {
            const double weight = pow(2.0, lse[i / Dim * splits + s]);
            sum += weight;
            value += weight * partial[(i / Dim * splits + s) * Dim + i % Dim];
        }
        merged.host[i] = static_cast<float>(sum > 0 ? value / sum : batch.output[i]);
    }
    merged.upload();
    compare(name, merged, expected, attention_rounding<T>);
}

CHECK
{
    check_decode<bf16, 64, 16, 4, 3, false>("1 64 65 200 keys, heads 4/1x64, pages of 16", {4, 1}, {{1, 1}, {1, 64}, {1, 65}, {1, 200}});
    check_decode<fp16, 64, 1, 4, 3, true>("90 keys, heads 20/1x64, pages of 1, window 50, capped", {20, 1, 0, 0, 50, 2}, {{1, 90}});
    check_decode<bf16, 128, 64, 4, 3, false>("17 70 keys, heads 6/2x128, pages of 64, sinks", {6, 2, 0, 0, 0, 0, true}, {{1, 17}, {1, 70}});
    check_decode<bf16, 256, 16, 2, 2, false>("33 keys, heads 2/1x256", {2, 1}, {{1, 33}});
    check_decode<bf16, 64, 16, 4, 3, false>("150 10 keys in parts of 64", {4, 2}, {{1, 150}, {1, 10}}, 3);
}
