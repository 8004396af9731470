#include "random/fill_normal.cu"
#include "check.h"

using namespace check;

KERNEL(sgl::fill_normal<float>)
KERNEL(sgl::fill_normal<bf16>)

static u64 mixed(u64 z)
{
    z += 0x9e3779b97f4a7c15ull;
    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9ull;
    z = (z ^ (z >> 27)) * 0x94d049bb133111ebull;
    return z ^ (z >> 31);
}

template <class T> static void check_normal(const char* name, int count, u64 seed, float deviation)
{
    Buffer<T> output(count);
    launch<&sgl::fill_normal<T>>({3}, 64, FillNormalArgs{output.device, count, seed, deviation});
    Numbers expected(count);
    double sum = 0, squares = 0;
    for (int i = 0; i < count; i++) {
        const u64 z = mixed(seed ^ mixed(static_cast<u64>(i / 2)));
        const double radius = sqrt(-2 * log((static_cast<double>(z >> 41) + 0.5) / 8388608)) * deviation;
        const double angle = 6.283185307179586 * static_cast<double>(static_cast<u32>(z) >> 9) / 8388608;
        expected[i] = radius * (i % 2 == 0 ? cos(angle) : sin(angle));
        sum += expected[i] / deviation;
        squares += expected[i] / deviation * (expected[i] / deviation);
    }
    compare(name, output, expected);
    // Five standard errors.
    if (fabs(sum / count) < 5 / sqrt(count) && fabs(squares / count - 1) < 5 * sqrt(2.0 / count)) return;
    printf("  %s: WRONG, mean %g and variance %g\n", name, sum / count, squares / count);
    failures++;
}

CHECK
{
    check_normal<float>("1 number", 1, 1, 1);
    check_normal<float>("4001 numbers of deviation 3", 4001, 7, 3);
    check_normal<bf16>("1000 numbers in bfloat16", 1000, 123456789, 0.02f);
}
