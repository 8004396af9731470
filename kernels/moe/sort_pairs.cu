// Lists pairs (token, expert) by expert, each expert's in their own order. One block per expert: it counts the pairs of the experts
// before it and then gathers its own, so blocks need nothing of each other and the result has one order.
#include "include/sgl/primitives.cuh"
#include "include/sgl/reduce.cuh"

namespace sgl {

struct SortPairsArgs {
    const i32* chosen;  // [pairs]: expert of each
    i32* sorted;        // [pairs]
    i32* starts;        // [experts + 1]
    i32 pairs;
    i32 experts;
};

__global__ void __launch_bounds__(256) sort_pairs(const __grid_constant__ SortPairsArgs a)
{
    begin_kernel();
    constexpr int threads = 256, warps = threads / kWarpSize, each = 4;
    __shared__ int count_scratch[warps], warp_totals[2][warps];
    const int expert = blockIdx.x, thread = threadIdx.x, warp = thread / kWarpSize, lane = thread % kWarpSize;

    int before = 0;
    for (int p = thread; p < a.pairs; p += threads) before += a.chosen[p] < expert;
    int next = block_reduce<threads>(before, Sum{}, count_scratch);
    if (thread == 0) {
        a.starts[expert] = next;
        if (expert == 0) a.starts[a.experts] = a.pairs;
    }

    int turn = 0;
    for (int base = 0; base < a.pairs; base += threads * each, turn ^= 1) {
        const int first = base + thread * each;
        bool mine[each];
        int count = 0;
#pragma unroll
        for (int i = 0; i < each; i++) {
            mine[i] = first + i < a.pairs && a.chosen[first + i] == expert;
            count += mine[i];
        }
        int through = count;
#pragma unroll
        for (int offset = 1; offset < kWarpSize; offset *= 2) {
            const int other = __shfl_up_sync(kFullWarp, through, offset);
            if (lane >= offset) through += other;
        }
        if (lane == kWarpSize - 1) warp_totals[turn][warp] = through;
        __syncthreads();   // two sets of totals: one is read while the next is written
        int place = next + through - count;
#pragma unroll
        for (int w = 0; w < warps; w++) {
            if (w < warp) place += warp_totals[turn][w];
            next += warp_totals[turn][w];
        }
#pragma unroll
        for (int i = 0; i < each; i++)
            if (mine[i]) a.sorted[place++] = first + i;
    }
}

}  // namespace sgl
