#include "latent/attention.cu"
#include "latent/latent.h"

using namespace check;

KERNEL(sgl::latent_attention<bf16, 512, 64, 16, 4, 32, 8>)
KERNEL(sgl::latent_attention<bf16, 512, 64, 64, 1, 32, 8>)
KERNEL(sgl::latent_attention<fp16, 512, 64, 1, 1, 32, 8>)

template <class T, int PageSize, int RowTiles, int N> static void check_latent(const char* name, int heads, bool single, const int (&sequences)[N][2])
{
    constexpr int width = 512 + 64, rows = RowTiles * 16, keys = 32, parts = RowTiles * (keys / 16) < 8 ? 8 / (RowTiles * (keys / 16)) : 1;
    LatentBatch<T, T, 512, 64, PageSize> batch(heads, sequences);
    launch<&latent_attention<T, 512, 64, PageSize, RowTiles, keys, 8>>({single ? static_cast<unsigned>(N * ceil_div(heads, rows)) : batch.tiles(rows)}, 256, batch.arguments(single),
        (rows + 2 * keys) * (width + 8) * 2 + rows * (keys + 8) * 2 + parts * rows * (keys + 8) * 4 + rows * 4);
    auto expected = batch.expected();
    compare(name, batch.output, expected, 2.5 * rounding<T>);
}

CHECK
{
    check_latent<bf16, 16, 4>("7/7 3/50, 16 heads, pages of 16", 16, false, {{7, 7}, {3, 50}});
    check_latent<bf16, 64, 1>("1/70 1/1, 16 heads, pages of 64", 16, true, {{1, 70}, {1, 1}});
    check_latent<fp16, 1, 1>("1/33, 20 heads, pages of 1", 20, true, {{1, 33}});
}
