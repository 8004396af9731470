#include "moe/experts.cu"
#include "moe/experts.h"

using namespace check;

KERNEL(sgl::experts<bf16, bf16, sgl::Silu, 32, 1, 4, 4>)
KERNEL(sgl::experts<bf16, float, void, 64, 2, 4, 3>)
KERNEL(sgl::experts<fp16, fp16, sgl::SwigluOss, 128, 2, 4, 3>)
KERNEL(sgl::experts<fp16, float, void, 32, 1, 4, 4>)

template <class T, class Out, class Activation, int Rows, int WarpsM, int WarpsN, int Stages> static void check_tile(const char* name, Experts e, bool biased, float limit)
{
    check_experts<T, Out, Activation>(name, e, biased, limit, [&](const ExpertArgs& arguments) {
        const int columns = WarpsN * (same_type<Activation, void> ? 32 : 16);
        launch<&experts<T, Out, Activation, Rows, WarpsM, WarpsN, Stages>>({static_cast<unsigned>(ceil_div(e.columns, columns)) * e.tiles(Rows)}, WarpsM * WarpsN * 32,
            arguments, Stages * (Rows + WarpsN * 32) * kTileStride * 2);
    });
}

CHECK
{
    check_tile<bf16, bf16, Silu, 32, 1, 4, 4>("gate and up, 5 tokens, 3 of 9, 72 to 40, tiles of 32", {5, 9, 3, 72, 40}, false, 0);
    check_tile<bf16, float, void, 64, 2, 4, 3>("down, 40 tokens, 2 of 4, 200 to 136, tiles of 64", {40, 4, 2, 200, 136}, true, 0);
    check_tile<fp16, fp16, SwigluOss, 128, 2, 4, 3>("gate and up, 80 tokens, 2 of 2, 64 to 72, tiles of 128", {80, 2, 2, 64, 72}, true, 0.8f);
    check_tile<fp16, float, void, 32, 1, 4, 4>("down, 1 token, 1 of 1, 8 to 8", {1, 1, 1, 8, 8}, false, 0);
}
