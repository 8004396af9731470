#include "attention/plain.cu"
#include "attention/attention.h"

using namespace check;

KERNEL(sgl::plain_attention<float, float, 64, 16, false>)
KERNEL(sgl::plain_attention<float, float, 80, 1, true>)
KERNEL(sgl::plain_attention<float, float, 256, 64, false>)

template <int Dim, int PageSize, bool SoftCap, int N> static void check_plain(const char* name, AttentionShape shape, const Sequence (&sequences)[N])
{
    shape.dim = Dim;
    shape.page_size = PageSize;
    AttentionBatch<float, float> batch(shape, sequences);
    launch<&plain_attention<float, float, Dim, PageSize, SoftCap>>({batch.tiles(16) * shape.kv_heads}, 128, batch.arguments(),
        ((16 + 2 * 32) * (Dim + 4) + 16 * (32 + 1)) * static_cast<int>(sizeof(float)));
    auto expected = batch.expected();
    compare(name, batch.output, expected, attention_rounding<float>);
}

CHECK
{
    check_plain<64, 16, false>("17/17 5/70 1/1 1/33, heads 4/1x64, pages of 16", {4, 1}, {{17, 17}, {5, 70}, {1, 1}, {1, 33}});
    check_plain<80, 1, true>("3/40, heads 6/2x80, pages of 1, window 20, capped, sinks", {6, 2, 0, 0, 20, 2, true}, {{3, 40}});
    check_plain<256, 64, false>("1/65, heads 1/1x256, pages of 64", {1, 1}, {{1, 65}});
}
