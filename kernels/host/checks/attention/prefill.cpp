#include "attention/prefill.cu"
#include "attention/attention.h"

using namespace check;

KERNEL(sgl::prefill_attention<bf16, 64, 16, 4, 64, false>)
KERNEL(sgl::prefill_attention<fp16, 64, 1, 4, 64, true>)
KERNEL(sgl::prefill_attention<bf16, 80, 64, 4, 64, false>)
KERNEL(sgl::prefill_attention<bf16, 256, 16, 4, 32, false>)

template <class T, int Dim, int PageSize, int Keys, int N> static void check_prefill(const char* name, AttentionShape shape, const Sequence (&sequences)[N])
{
    shape.dim = Dim;
    shape.page_size = PageSize;
    AttentionBatch<T, T> batch(shape, sequences);
    const auto run = [&]<bool SoftCap>() {
        launch<&prefill_attention<T, Dim, PageSize, 4, Keys, SoftCap>>({batch.tiles(64) * shape.kv_heads}, 128, batch.arguments(),
            (64 + 2 * Keys) * (round_up(Dim, 16) + 8) * 2);
    };
    if constexpr (PageSize == 1) run.template operator()<true>();
    else run.template operator()<false>();
    auto expected = batch.expected();
    compare(name, batch.output, expected, attention_rounding<T>);
}

CHECK
{
    check_prefill<bf16, 64, 16, 64>("17/17 5/130 2/2, heads 4/1x64, pages of 16", {4, 1}, {{17, 17}, {5, 130}, {2, 2}});
    check_prefill<fp16, 64, 1, 64>("9/70, heads 6/2x64, pages of 1, window 30, capped", {6, 2, 0, 0, 30, 2}, {{9, 70}});
    check_prefill<bf16, 80, 64, 64>("1/1 33/65, heads 3/3x80, pages of 64, sinks", {3, 3, 0, 0, 0, 0, true}, {{1, 1}, {33, 65}});
    check_prefill<bf16, 256, 16, 32>("7/40, heads 2/1x256", {2, 1}, {{7, 40}});
}
