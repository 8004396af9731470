#include "moe/few_experts.cu"
#include "moe/experts.h"

using namespace check;

KERNEL(sgl::few_experts<bf16, bf16, sgl::Silu, 2, 4>)
KERNEL(sgl::few_experts<bf16, float, void, 2, 5>)
KERNEL(sgl::few_experts<fp16, fp16, sgl::SwigluOss, 2, 4>)

template <class T, class Out, class Activation> static void check_few(const char* name, Experts e, bool biased, float limit)
{
    check_experts<T, Out, Activation>(name, e, biased, limit, [&](const ExpertArgs& arguments) {
        constexpr int pieces = same_type<Activation, void> ? 1 : 2, stages = pieces == 1 ? 5 : 4;
        launch<&few_experts<T, Out, Activation, 2, stages>>({static_cast<unsigned>(ceil_div(e.columns, 2 * kPiece)) * e.tiles(kFewRows)}, 2 * kWarpSize, arguments,
            2 * stages * (pieces * kPiece + kFewRows) * kTileStride * 2);
    });
}

CHECK
{
    check_few<bf16, bf16, Silu>("gate and up, 5 tokens, 3 of 9, 72 to 40", {5, 9, 3, 72, 40}, false, 0);
    check_few<bf16, float, void>("down, 40 tokens, 2 of 4, more than a block's rows, 1032 to 136", {40, 4, 2, 1032, 136}, true, 0);
    check_few<fp16, fp16, SwigluOss>("gate and up, 8 tokens, 2 of 2, 64 to 72", {8, 2, 2, 64, 72}, true, 0.8f);
    check_few<bf16, float, void>("down, 1 token, 1 of 1, 8 to 8", {1, 1, 1, 8, 8}, false, 0);
}
