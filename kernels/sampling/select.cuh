// Which value ends the smallest set of largest values whose weight reaches a target: top-k with weight 1, top-p with weight
// exp(value − maximum). No sort: a histogram over equal steps of the value, then histograms within the step that holds the end,
// over few candidates in shared memory. Weights are integers, so that the order of the atomic additions leaves no trace.
#pragma once
#include "sampling/row.cuh"

namespace sgl {

inline constexpr int kBins = kRowThreads;      // a thread each when they are summed
inline constexpr int kCandidates = 4096;
inline constexpr int kMassBits = 40;           // of exp(value − maximum), which is at most 1

struct SelectMemory {
    u32 low[kBins], high[kBins];               // 64-bit weights in two halves
    float candidate[kCandidates];
    u64 warp_total[kRowThreads / kWarpSize];
    float reduce[kRowThreads / kWarpSize];
    u32 reduce_key[kRowThreads / kWarpSize];
    u64 total, above;
    u32 candidates;
    int bin;
};

struct CountWeight {
    __device__ __forceinline__ u64 operator()(float) const { return 1; }
};

struct MassWeight {
    float maximum;
    __device__ __forceinline__ u64 operator()(float value) const
    {
        // An infinite maximum would make ∞ − ∞ of itself.
        const float e = value == maximum ? 1.0f : expf(value - maximum);
        return __float2ull_rn(e * static_cast<float>(1ull << kMassBits));
    }
};

// A row of logits divided by a temperature, of which the values with keys below `floor` are out of the game.
struct ScaledRow {
    const float* logits;
    int columns;
    float temperature;
    float maximum, minimum;   // of the scaled values; the minimum of the finite ones
    u32 floor;
};

__device__ __forceinline__ void clear_bins(SelectMemory& m)
{
    m.low[threadIdx.x] = 0;
    m.high[threadIdx.x] = 0;
    if (threadIdx.x == 0) m.bin = kBins - 1;
    __syncthreads();
}

__device__ __forceinline__ void add_weight(SelectMemory& m, u32 bin, u64 weight)
{
    const u32 part = static_cast<u32>(weight);
    const u32 before = atomicAdd(&m.low[bin], part);
    const u32 upper = static_cast<u32>(weight >> 32) + (before + part < part ? 1u : 0u);
    if (upper != 0) atomicAdd(&m.high[bin], upper);
}

// Sums the bins in order and leaves in m.bin the first at which `above` + sum reaches the target (the last one if none does), in
// m.above what comes before it, in m.total the sum of all. `target` is evaluated once the total is known.
template <class Target>
__device__ __forceinline__ void find_bin(SelectMemory& m, u64 above, Target target)
{
    __syncthreads();
    const int lane = threadIdx.x % kWarpSize, warp = threadIdx.x / kWarpSize;
    const u64 mine = static_cast<u64>(m.high[threadIdx.x]) << 32 | m.low[threadIdx.x];
    u64 through = mine;
#pragma unroll
    for (int offset = 1; offset < kWarpSize; offset *= 2) {
        const u64 before = __shfl_up_sync(kFullWarp, through, offset);
        if (lane >= offset) through += before;
    }
    if (lane == kWarpSize - 1) m.warp_total[warp] = through;
    __syncthreads();
    u64 before_warp = 0, total = 0;
    for (int w = 0; w < kRowThreads / kWarpSize; w++) {
        if (w < warp) before_warp += m.warp_total[w];
        total += m.warp_total[w];
    }
    const u64 before = above + before_warp + through - mine;
    const u64 wanted = target(total);
    // The last bin is where the search ends up when no other reaches the target; its weight is not looked at.
    if (threadIdx.x == kBins - 1 ? before < wanted : before < wanted && before + mine >= wanted) {
        m.bin = threadIdx.x;
        m.above = before;
    }
    if (threadIdx.x == 0) m.total = total;
    __syncthreads();
}

// The key of the last value kept. `target(total weight)` says what weight must be reached; all threads of the block call this.
template <class Weight, class Target>
__device__ __forceinline__ u32 select_key(SelectMemory& m, const ScaledRow& row, Weight weight, Target target)
{
    // Steps of the value from the maximum down. What lies 64 below it weighs nothing and shares the last bin, which is left empty.
    const float range = fminf(row.maximum - row.minimum, 64.0f);
    const float scale = range > 0 ? (kBins - 2) / range : 0.0f;
    const auto bin_of = [&](float value) {
        const float steps = value == row.maximum ? 0.0f : (row.maximum - value) * scale;
        return steps < kBins - 1 ? static_cast<u32>(steps) : static_cast<u32>(kBins - 1);
    };
    clear_bins(m);
    for_each_element(row.logits, 0, row.columns, threadIdx.x, kRowThreads, [&](float logit, int) {
        const float value = logit / row.temperature;
        const u32 bin = bin_of(value);
        if (bin < kBins - 1 && ordered_key(value) >= row.floor) add_weight(m, bin, weight(value));
    });
    u64 wanted = 0;
    find_bin(m, 0, [&](u64 total) { return wanted = target(total); });
    const u32 chosen = m.bin;
    u64 above = m.above;

    if (threadIdx.x == 0) m.candidates = 0;
    __syncthreads();
    u32 lowest = 0xffffffffu, highest = 0;
    for_each_element(row.logits, 0, row.columns, threadIdx.x, kRowThreads, [&](float logit, int) {
        const float value = logit / row.temperature;
        const u32 key = ordered_key(value);
        if (bin_of(value) != chosen || key < row.floor) return;
        lowest = min(lowest, key);
        highest = max(highest, key);
        const u32 place = atomicAdd(&m.candidates, 1u);
        if (place < kCandidates) m.candidate[place] = value;
    });
    highest = block_reduce<kRowThreads>(highest, Max{}, m.reduce_key);
    __syncthreads();
    lowest = ~block_reduce<kRowThreads>(~lowest, Max{}, m.reduce_key);
    __syncthreads();
    if (lowest > highest) return row.floor;   // nothing there: keep all
    const u32 candidates = m.candidates;

    // Equal steps of the key between its bounds, until a step is one key.
    for (;;) {
        const u32 span = highest - lowest;
        const int shift = span < kBins ? 0 : 32 - __clz(static_cast<int>(span)) - 10;
        static_assert(kBins == 1 << 10, "the shift leaves ten bits");
        clear_bins(m);
        const auto count = [&](float value) {
            const u32 key = ordered_key(value);
            if (key >= lowest && key <= highest) add_weight(m, (highest - key) >> shift, weight(value));
        };
        if (candidates <= kCandidates)
            for (u32 i = threadIdx.x; i < candidates; i += kRowThreads) count(m.candidate[i]);
        else
            for_each_element(row.logits, 0, row.columns, threadIdx.x, kRowThreads, [&](float logit, int) { count(logit / row.temperature); });
        find_bin(m, above, [&](u64) { return wanted; });
        above = m.above;
        const u32 skipped = static_cast<u32>(m.bin) << shift;
        const u32 top = skipped < span ? highest - skipped : lowest;
        __syncthreads();
        if (shift == 0) return max(top, lowest);
        const u32 step = (1u << shift) - 1;
        lowest = top - lowest > step ? top - step : lowest;
        highest = top;
    }
}

}  // namespace sgl
