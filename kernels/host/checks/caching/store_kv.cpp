#include "caching/store_kv.cu"
#include "check.h"

using namespace check;

KERNEL(sgl::store_kv<float, float>)
KERNEL(sgl::store_kv<float, bf16>)

template <class Out> static void check_store(const char* name, int tokens, int heads, int dim, int page_size, bool aligned)
{
    const int pages = tokens / page_size + 3, width = heads * dim, page = 2 * width * page_size;
    auto x = random<float>(tokens * 2 * width);
    auto cache = random<Out>(pages * page);
    Buffer<i32> slots(tokens);
    // From the last slot down; every third token goes nowhere, the last beyond the pool.
    for (int t = 0; t < tokens; t++) slots.host[t] = t % 3 == 2 ? -1 : t + 1 == tokens ? pages * page_size : pages * page_size - 1 - t;
    slots.upload();
    Numbers expected(cache.count);
    for (int i = 0; i < cache.count; i++) expected[i] = cache[i];
    for (int t = 0; t < tokens; t++)
        for (int row = 0; slots.host[t] >= 0 && slots.host[t] < pages * page_size && row < 2 * heads; row++)
            for (int d = 0; d < dim; d++)
                expected[slots.host[t] / page_size * page + (row * page_size + slots.host[t] % page_size) * dim + d] =
                    number_of(value_of<Out>(x[t * 2 * width + row * dim + d]));
    launch<&sgl::store_kv<float, Out>>({static_cast<unsigned>(tokens)}, 64,
        StoreKvArgs{x.device, x.device + width, cache.device, slots.device, 2 * width, dim, 2 * width, dim, page, heads, dim, page_size, pages, aligned});
    compare(name, cache, expected, 0);
}

CHECK
{
    check_store<float>("1x1x8, pages of 1", 1, 1, 8, 1, true);
    check_store<bf16>("9x2x24 to bfloat16, pages of 16", 9, 2, 24, 16, true);
    check_store<float>("17x3x33, pages of 4", 17, 3, 33, 4, false);
    check_store<bf16>("5x4x128 to bfloat16, pages of 64", 5, 4, 128, 64, true);
}
