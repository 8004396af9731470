#include "moe/sort_pairs.cu"
#include "check.h"

using namespace check;

KERNEL(sgl::sort_pairs)

static void check_sort(const char* name, int pairs, int experts)
{
    Buffer<i32> chosen(pairs), sorted(pairs), starts(experts + 1);
    for (int p = 0; p < pairs; p++) chosen.host[p] = static_cast<i32>((uniform() + 1) / 2 * experts) % experts;
    chosen.upload();
    launch<&sort_pairs>({static_cast<unsigned>(experts)}, 256, SortPairsArgs{chosen.device, sorted.device, starts.device, pairs, experts});
    Numbers expected_sorted(pairs), expected_starts(experts + 1);
    int place = 0;
    for (int e = 0; e < experts; e++) {
        expected_starts[e] = place;
        for (int p = 0; p < pairs; p++)
            if (chosen.host[p] == e) expected_sorted[place++] = p;
    }
    expected_starts[experts] = pairs;
    printf("  %s\n", name);
    compare("  pairs", sorted, expected_sorted, 0);
    compare("  starts", starts, expected_starts, 0);
}

CHECK
{
    check_sort("1 pair, 3 experts", 1, 3);
    check_sort("2500 pairs, 7 experts", 2500, 7);
    check_sort("60 pairs, 40 experts", 60, 40);
    check_sort("no pairs, 4 experts", 0, 4);
}
