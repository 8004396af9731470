#include "rotary/rotary.cu"
#include "check.h"

using namespace check;

KERNEL(sgl::rotary<float, false>)
KERNEL(sgl::rotary<float, true>)

// Queries and keys side by side, as a projection leaves them; what is not rotated must stay.
template <bool Interleaved> static void check_rotary(const char* name, int tokens, int heads, int kv_heads, int dim, int rotated)
{
    const int width = (heads + kv_heads) * dim, table = 40, half = rotated / 2;
    auto x = random<float>(tokens * width);
    Buffer<float> angles(table * rotated);
    for (int p = 0; p < table; p++)
        for (int i = 0; i < half; i++) {
            const double angle = p * pow(10000.0, -2.0 * i / rotated);
            angles.host[p * rotated + i] = cos(angle);
            angles.host[p * rotated + half + i] = sin(angle);
        }
    angles.upload();
    Buffer<i32> positions(tokens);
    for (int t = 0; t < tokens; t++) positions.host[t] = t * 7 % table;
    positions.upload();
    Numbers expected(x.count);
    for (int i = 0; i < x.count; i++) expected[i] = x[i];
    for (int t = 0; t < tokens; t++)
        for (int h = 0; h < heads + kv_heads; h++)
            for (int i = 0; i < half; i++) {
                const int at = t * width + h * dim, low = at + (Interleaved ? 2 * i : i), high = Interleaved ? low + 1 : low + half;
                const double c = angles[positions.host[t] * rotated + i], s = angles[positions.host[t] * rotated + half + i];
                expected[low] = x[low] * c - x[high] * s;
                expected[high] = x[high] * c + x[low] * s;
            }
    launch<&rotary<float, Interleaved>>({static_cast<unsigned>(tokens)}, 64,
        RotaryArgs{x.device, x.device + heads * dim, positions.device, angles.device, width, dim, width, dim, rotated, heads, kv_heads, rotated, table});
    compare(name, x, expected);
}

CHECK
{
    check_rotary<false>("5 tokens, heads 4/2x64", 5, 4, 2, 64, 64);
    check_rotary<false>("3 tokens, heads 3/1x10, 6 rotated", 3, 3, 1, 10, 6);
    check_rotary<true>("7 tokens, heads 1/1x32, interleaved", 7, 1, 1, 32, 32);
    check_rotary<true>("1 token, heads 9/3x80, interleaved, 20 rotated", 1, 9, 3, 80, 20);
}
