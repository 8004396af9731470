#include "moe/plain_experts.cu"
#include "moe/experts.h"

using namespace check;

KERNEL(sgl::plain_experts<float, float, float, sgl::Silu>)
KERNEL(sgl::plain_experts<float, float, float, void>)

template <class Activation> static void check_plain(const char* name, Experts e, bool biased, float limit)
{
    check_experts<float, float, Activation>(name, e, biased, limit, [&](const ExpertArgs& arguments) {
        const int columns = same_type<Activation, void> ? 64 : 32;
        launch<&plain_experts<float, float, float, Activation>>({static_cast<unsigned>(ceil_div(e.columns, columns)) * e.tiles(16)}, 128, arguments);
    });
}

CHECK
{
    check_plain<Silu>("gate and up, 20 tokens, 2 of 5, 33 to 50", {20, 5, 2, 33, 50}, true, 0.7f);
    check_plain<void>("down, 7 tokens, 3 of 4, 100 to 65", {7, 4, 3, 100, 65}, false, 0);
    check_plain<Silu>("gate and up, 1 token, 1 of 1, 1 to 1", {1, 1, 1, 1, 1}, false, 0);
}
