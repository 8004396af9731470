// Draws a token per row of logits. plan_rows finds, for each row that restricts its set, the last value kept; pick_tokens takes the
// largest logit / temperature + Gumbel noise among what is left, over many blocks a row.
#include "sampling/select.cuh"

namespace sgl {

struct SampleArgs {
    const float* logits;        // [rows, columns]
    const float* temperature;   // each [rows]; unused when greedy
    const i32* top_k;
    const float* top_p;
    const float* min_p;
    const i64* seed;
    const i32* position;
    i32* output;                // [rows]
    u32* threshold;             // [rows] key of the last value kept
    float* maximum;             // [rows] largest logit / temperature
    u64* best;                  // [rows] zero before and after
    u32* finished;              // [rows] zero before and after
    i32 rows;
    i32 columns;
    i32 chunks;                 // blocks per row of pick_tokens
    i32 chunk;                  // columns per block, a multiple of 4
    i32 greedy;                 // every temperature is 0
};

// A block per row.
__global__ void __launch_bounds__(kRowThreads) plan_rows(const __grid_constant__ SampleArgs a)
{
    begin_kernel();
    __shared__ SelectMemory memory;
    const int r = blockIdx.x;
    const float temperature = a.temperature[r];
    const i32 top_k = a.top_k[r];
    const float top_p = a.top_p[r], min_p = a.min_p[r];
    const bool by_count = top_k > 0 && top_k < a.columns, by_mass = top_p < 1.0f;
    if (!(temperature > 0.0f) || !(by_count || by_mass || min_p > 0.0f)) {
        if (threadIdx.x == 0) a.threshold[r] = 0;
        return;
    }

    ScaledRow row{a.logits + static_cast<i64>(r) * a.columns, a.columns, temperature, 0, 0, 0};
    float top = negative_infinity(), negated_bottom = negative_infinity();
    for_each_element(row.logits, 0, row.columns, threadIdx.x, kRowThreads, [&](float v, int) {
        top = fmaxf(top, v);
        if (v != negative_infinity()) negated_bottom = fmaxf(negated_bottom, -v);
    });
    // Division by the temperature is monotone, so it may come after the reduction.
    row.maximum = block_reduce<kRowThreads>(top, Max{}, memory.reduce) / temperature;
    __syncthreads();
    row.minimum = -block_reduce<kRowThreads>(negated_bottom, Max{}, memory.reduce) / temperature;
    __syncthreads();

    if (by_count) row.floor = select_key(memory, row, CountWeight{}, [&](u64) { return static_cast<u64>(top_k); });
    if (by_mass)
        row.floor = select_key(memory, row, MassWeight{row.maximum}, [&](u64 total) {
            return max(__double2ull_ru(static_cast<double>(top_p) * static_cast<double>(total)), 1ull);
        });
    if (threadIdx.x == 0) {
        a.threshold[r] = row.floor;
        a.maximum[r] = row.maximum;
    }
}

// Standard Gumbel noise of a token, given mix(mix(seed) ^ position).
__device__ __forceinline__ float gumbel_noise(u64 stream, int token)
{
    const u32 h = static_cast<u32>(mix(stream ^ static_cast<u32>(token))) >> 9;
    const float u = (static_cast<float>(h) + 0.5f) * (1.0f / (1 << 23));
    return -logf(-logf(u));
}

// Value first, then the smaller index: the largest of these is the winner. Never zero, which stands for "none yet".
__device__ __forceinline__ u64 ranked(float value, int index) { return static_cast<u64>(ordered_key(value)) << 32 | ~static_cast<u32>(index); }

__global__ void __launch_bounds__(256) pick_tokens(const __grid_constant__ SampleArgs a)
{
    begin_kernel();
    __shared__ u64 scratch[256 / kWarpSize];
    const int r = blockIdx.x / a.chunks;
    const int first = blockIdx.x % a.chunks * a.chunk, end = min(first + a.chunk, a.columns);
    const float* row = a.logits + static_cast<i64>(r) * a.columns;
    u64 best = 0;
    const float temperature = a.greedy ? 0.0f : a.temperature[r];
    if (!(temperature > 0.0f)) {
        for_each_element(row, first, end, threadIdx.x, 256, [&](float v, int i) { best = max(best, ranked(v, i)); });
    } else {
        const u32 threshold = a.threshold[r];
        const float min_p = a.min_p[r];
        const float maximum = min_p > 0.0f ? a.maximum[r] : 0.0f;
        const u64 stream = mix(mix(static_cast<u64>(a.seed[r])) ^ static_cast<u32>(a.position[r]));
        for_each_element(row, first, end, threadIdx.x, 256, [&](float v, int i) {
            const float value = v / temperature;
            if (ordered_key(value) < threshold) return;
            if (min_p > 0.0f && value != maximum && expf(value - maximum) < min_p) return;
            best = max(best, ranked(value + gumbel_noise(stream, i), i));
        });
    }
    best = block_reduce<256>(best, Max{}, scratch);
    if (threadIdx.x != 0) return;
    atomicMax(&a.best[r], best);
    __threadfence();
    if (atomicAdd(&a.finished[r], 1u) != static_cast<u32>(a.chunks) - 1) return;
    // The last block of the row: everybody's best is in; leave zeros for the next draw.
    __threadfence();
    a.output[r] = static_cast<i32>(~static_cast<u32>(atomicExch(&a.best[r], 0ull)));
    a.finished[r] = 0;
}

}  // namespace sgl
