// log softmax of chosen tokens, and of the k most probable ones. A block per row.
#include "sampling/select.cuh"

namespace sgl {

struct LogProbsArgs {
    const float* logits;    // [rows, columns]
    const i32* tokens;      // [rows]; log_probs only
    i32* ids;               // [rows, k]; top_log_probs only
    float* values;          // [rows] or [rows, k]
    i32 columns;
    i32 k;
};

__global__ void __launch_bounds__(kRowThreads) log_probs(const __grid_constant__ LogProbsArgs a)
{
    begin_kernel();
    __shared__ float scratch[kRowThreads / kWarpSize];
    const int r = blockIdx.x;
    const float* row = a.logits + static_cast<i64>(r) * a.columns;
    const LogSumExp total = log_sum_exp(row, a.columns, scratch);
    if (threadIdx.x != 0) return;
    const i32 token = a.tokens[r];
    a.values[r] = static_cast<u32>(token) < static_cast<u32>(a.columns) ? row[token] - total.maximum - total.log_sum : negative_infinity();
}

inline constexpr int kMaxTop = 128;

__global__ void __launch_bounds__(kRowThreads) top_log_probs(const __grid_constant__ LogProbsArgs a)
{
    begin_kernel();
    __shared__ SelectMemory memory;
    __shared__ u64 entry[kMaxTop];   // key, then the complement of the id: descending order is the order wanted
    __shared__ u32 entries;
    __shared__ u32 warp_count[kRowThreads / kWarpSize];
    const int r = blockIdx.x, lane = threadIdx.x % kWarpSize, warp = threadIdx.x / kWarpSize;
    const float* row = a.logits + static_cast<i64>(r) * a.columns;
    const LogSumExp total = log_sum_exp(row, a.columns, memory.reduce);

    float negated_bottom = negative_infinity();
    for_each_element(row, 0, a.columns, threadIdx.x, kRowThreads, [&](float v, int) {
        if (v != negative_infinity()) negated_bottom = fmaxf(negated_bottom, -v);
    });
    const float bottom = -block_reduce<kRowThreads>(negated_bottom, Max{}, memory.reduce);
    __syncthreads();
    const ScaledRow scaled{row, a.columns, 1.0f, total.maximum, bottom, 0};
    const u32 threshold = select_key(memory, scaled, CountWeight{}, [&](u64) { return static_cast<u64>(a.k); });

    if (threadIdx.x == 0) entries = 0;
    __syncthreads();
    const auto packed = [](float v, int i) { return static_cast<u64>(ordered_key(v)) << 32 | ~static_cast<u32>(i); };
    for_each_element(row, 0, a.columns, threadIdx.x, kRowThreads, [&](float v, int i) {
        if (ordered_key(v) <= threshold) return;
        const u32 place = atomicAdd(&entries, 1u);
        if (place < kMaxTop) entry[place] = packed(v, i);
    });
    __syncthreads();
    // Of those equal to the last one, the smallest ids fill what is left.
    u32 found = min(entries, static_cast<u32>(a.k));
    for (int base = 0; base < a.columns && found < static_cast<u32>(a.k); base += kRowThreads) {
        const int i = base + threadIdx.x;
        const bool equal = i < a.columns && ordered_key(row[i]) == threshold;
        const u32 votes = __ballot_sync(kFullWarp, equal);
        if (lane == 0) warp_count[warp] = __popc(votes);
        __syncthreads();
        u32 before = found, all = 0;
        for (int w = 0; w < kRowThreads / kWarpSize; w++) {
            if (w < warp) before += warp_count[w];
            all += warp_count[w];
        }
        const u32 place = before + __popc(votes & ((1u << lane) - 1));
        if (equal && place < static_cast<u32>(a.k)) entry[place] = packed(row[i], i);
        found += all;
        __syncthreads();
    }
    if (threadIdx.x >= a.k) return;

    const u64 mine = entry[threadIdx.x];
    int rank = 0;
    for (int j = 0; j < a.k; j++) rank += entry[j] > mine;
    const i32 id = static_cast<i32>(~static_cast<u32>(mine));
    a.ids[static_cast<i64>(r) * a.k + rank] = id;
    a.values[static_cast<i64>(r) * a.k + rank] = row[id] - total.maximum - total.log_sum;
}

}  // namespace sgl
