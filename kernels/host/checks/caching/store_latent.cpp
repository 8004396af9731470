#include "caching/store_latent.cu"
#include "check.h"

using namespace check;

KERNEL(sgl::store_latent<float, float>)
KERNEL(sgl::store_latent<float, bf16>)

template <class Out> static void check_store(const char* name, int tokens, int width, int gap, int page_size, bool aligned)
{
    const int pages = tokens / page_size + 2, stride = width + gap;
    auto x = random<float>(tokens * stride);
    auto cache = random<Out>(pages * page_size * width);
    Buffer<i32> slots(tokens);
    for (int t = 0; t < tokens; t++) slots.host[t] = t % 4 == 3 ? -1 : pages * page_size - 1 - t;      // every fourth token goes nowhere
    slots.upload();
    Numbers expected(cache.count);
    for (int i = 0; i < cache.count; i++) expected[i] = cache[i];
    for (int t = 0; t < tokens; t++)
        for (int i = 0; slots.host[t] >= 0 && i < width; i++) expected[slots.host[t] * width + i] = number_of(value_of<Out>(x[t * stride + i]));
    launch<&sgl::store_latent<float, Out>>(row_grid(tokens, width), row_threads(width),
        StoreLatentArgs{x.device, cache.device, slots.device, stride, page_size * width, width, page_size, pages, aligned});
    compare(name, cache, expected, 0);
}

CHECK
{
    check_store<float>("1x8, pages of 1", 1, 8, 0, 1, true);
    check_store<bf16>("7x576 to bfloat16, pages of 64", 7, 576, 8, 64, true);
    check_store<float>("21x33, pages of 16", 21, 33, 3, 16, false);
}
