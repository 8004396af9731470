#include "latent/plain.cu"
#include "latent/latent.h"

using namespace check;

KERNEL(sgl::plain_latent_attention<float, float, 512, 64, 16>)
KERNEL(sgl::plain_latent_attention<float, float, 512, 64, 1>)

template <int PageSize, int N> static void check_latent(const char* name, int heads, bool single, const int (&sequences)[N][2])
{
    LatentBatch<float, float, 512, 64, PageSize> batch(heads, sequences);
    launch<&plain_latent_attention<float, float, 512, 64, PageSize>>({single ? static_cast<unsigned>(N * ceil_div(heads, 16)) : batch.tiles(16)}, 128, batch.arguments(single),
        (2 * 16 * (512 + 64 + 4) + 16 * 17) * static_cast<int>(sizeof(float)));
    auto expected = batch.expected();
    compare(name, batch.output, expected);
}

CHECK
{
    check_latent<16>("5/5 2/21, 3 heads, pages of 16", 3, false, {{5, 5}, {2, 21}});
    check_latent<1>("1/17, 16 heads, pages of 1", 16, true, {{1, 17}});
}
