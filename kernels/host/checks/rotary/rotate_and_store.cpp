#include "rotary/rotate_and_store.cu"
#include "check.h"

using namespace check;

KERNEL(sgl::rotate_and_store<float, float, float, false>)
KERNEL(sgl::rotate_and_store<float, bf16, bf16, true>)
KERNEL(sgl::rotate_and_store<float, bf16, bf16, false>)

// Queries, keys and values side by side; every third token's key and value go nowhere, the last token's beyond the pool.
template <class Out, bool Interleaved> static void check_step(const char* name, int tokens, int heads, int kv_heads, int dim, int rotated, int page_size, bool aligned)
{
    const int width = (heads + 2 * kv_heads) * dim, table = 40, half = rotated / 2, pages = tokens / page_size + 2, page = 2 * kv_heads * page_size * dim;
    auto x = random<float>(tokens * width);
    auto angles = random<float>(table * rotated);
    auto cache = random<Out>(pages * page);
    Buffer<Out> output(tokens * heads * dim);
    Buffer<i32> positions(tokens), slots(tokens);
    for (int t = 0; t < tokens; t++) {
        positions.host[t] = t * 7 % table;
        slots.host[t] = t % 3 == 2 ? -1 : t + 1 == tokens && t > 0 ? pages * page_size : pages * page_size - 1 - t;
    }
    positions.upload();
    slots.upload();

    Numbers turned(x.count), queries(output.count), stored(cache.count);
    for (int i = 0; i < x.count; i++) turned[i] = x[i];
    for (int i = 0; i < cache.count; i++) stored[i] = cache[i];
    for (int t = 0; t < tokens; t++) {
        for (int h = 0; h < heads + kv_heads; h++)
            for (int i = 0; i < half; i++) {
                const int at = t * width + h * dim, low = at + (Interleaved ? 2 * i : i), high = Interleaved ? low + 1 : low + half;
                const double c = angles[positions.host[t] * rotated + i], s = angles[positions.host[t] * rotated + half + i];
                turned[low] = x[low] * c - x[high] * s;
                turned[high] = x[high] * c + x[low] * s;
            }
        for (int i = 0; i < heads * dim; i++) queries[t * heads * dim + i] = turned[t * width + i];
        if (slots.host[t] < 0 || slots.host[t] >= pages * page_size) continue;
        for (int row = 0; row < 2 * kv_heads; row++)
            for (int d = 0; d < dim; d++)
                stored[slots.host[t] / page_size * page + (row * page_size + slots.host[t] % page_size) * dim + d] = turned[t * width + (heads + row) * dim + d];
    }
    launch<&rotate_and_store<float, Out, Out, Interleaved>>({static_cast<unsigned>(tokens), static_cast<unsigned>(ceil_div((heads + 2 * kv_heads) * (dim / 8 + 2), 64))}, 64,
        RotateAndStoreArgs{x.device, x.device + heads * dim, x.device + (heads + kv_heads) * dim, output.device, cache.device, positions.device, angles.device, slots.device,
            width, dim, width, dim, width, dim, rotated, page, heads, kv_heads, dim, rotated, table, page_size, pages, aligned});
    compare(name, output, queries);
    compare("  the cache", cache, stored);
}

CHECK
{
    check_step<float, false>("1 token, heads 1/1x8, pages of 1", 1, 1, 1, 8, 8, 1, true);
    check_step<float, false>("7 tokens, heads 6/2x10, 6 rotated, pages of 4", 7, 6, 2, 10, 6, 4, false);
    check_step<bf16, false>("5 tokens, heads 4/1x128 to bfloat16, pages of 16", 5, 4, 1, 128, 128, 16, true);
    check_step<bf16, true>("9 tokens, heads 3/3x80, 20 rotated, interleaved, to bfloat16", 9, 3, 3, 80, 20, 64, false);
}
