#include "recurrent/gated_delta_rule.cu"
#include "recurrent/delta.h"

using namespace check;

KERNEL(sgl::gated_delta_rule<float, float, 128>)
KERNEL(sgl::gated_delta_rule<float, float, 24>)

template <int KeyDim> static void check_rule(const char* name, const int (&lengths)[3], int key_heads, int value_heads, int value_dim)
{
    DeltaBatch<KeyDim> batch(lengths, key_heads, value_heads, value_dim);
    launch<&gated_delta_rule<float, float, KeyDim>>({static_cast<unsigned>(ceil_div(value_dim, 32)), static_cast<unsigned>(value_heads), 3}, 128, batch.arguments());
    printf("  %s\n", name);
    compare("  outputs", batch.output, batch.expected);
    // The slot of nobody stays as it is.
    compare("  states", batch.state, batch.expected_state);
}

CHECK
{
    check_rule<128>("1 9 2 tokens, heads 1x128 to 2x128", {1, 9, 2}, 1, 2, 128);
    check_rule<24>("3 1 17 tokens, heads 2x24 to 2x40", {3, 1, 17}, 2, 2, 40);
}
