// Chooses each token's experts: scores, a correction for the choice, the best groups, the best of those, their weights. One warp per
// token. Every choice is of the largest and, among equals, of the first, so that it depends on nothing but the token.
#include "include/sgl/math.cuh"
#include "include/sgl/reduce.cuh"

namespace sgl {

struct RouteArgs {
    const float* logits;        // [tokens, experts], strided
    const float* correction;    // [experts]; null for none
    i32* chosen;                // [tokens, top_k]
    float* weights;             // [tokens, top_k]
    i64 logits_stride;
    i32 tokens;
    i32 experts;
    i32 top_k;
    i32 groups;
    i32 top_groups;
    i32 group_score_count;      // a group scores the sum of that many best of its experts
    i32 sigmoid;                // else softmax
    i32 renormalize;
    float scale;
};

// What has been taken is NaN, which no comparison prefers.
__device__ __forceinline__ float taken() { return __uint_as_float(0x7fffffffu); }

// Index of the first of the largest of values[0 … count − 1], or -1 when all are taken; every lane of the warp gets it.
__device__ __forceinline__ int warp_largest(const float* values, int count)
{
    float best = negative_infinity();
    int index = -1;
    for (int i = threadIdx.x % kWarpSize; i < count; i += kWarpSize)
        if (values[i] > best || (index < 0 && values[i] == values[i])) {
            best = values[i];
            index = i;
        }
#pragma unroll
    for (int offset = kWarpSize / 2; offset > 0; offset /= 2) {
        const float other = __shfl_xor_sync(kFullWarp, best, offset);
        const int other_index = __shfl_xor_sync(kFullWarp, index, offset);
        if (other_index >= 0 && (index < 0 || other > best || (other == best && other_index < index))) {
            best = other;
            index = other_index;
        }
    }
    return index;
}

// Leaves the experts of the best groups as they are and takes the others.
__device__ __forceinline__ void keep_best_groups(const RouteArgs& a, float* choice, float* group_scores)
{
    const int lane = threadIdx.x % kWarpSize, size = a.experts / a.groups;
    for (int g = lane; g < a.groups; g += kWarpSize) {
        // Selection without marking: each next best is the largest that comes after the last in (value, index) order.
        float sum = 0, last = 0;
        int last_index = -1;
        for (int n = 0; n < a.group_score_count; n++) {
            float best = negative_infinity();
            int index = -1;
            for (int i = 0; i < size; i++) {
                const float value = choice[g * size + i];
                const bool later = last_index < 0 || value < last || (value == last && i > last_index);
                if (later && (value > best || index < 0)) {
                    best = value;
                    index = i;
                }
            }
            sum += best;
            last = best;
            last_index = index;
        }
        group_scores[g] = sum;
    }
    __syncwarp();
    for (int n = 0; n < a.top_groups; n++) {
        const int g = warp_largest(group_scores, a.groups);
        __syncwarp();
        if (lane == 0 && g >= 0) group_scores[g] = taken();
        __syncwarp();
    }
    for (int e = lane; e < a.experts; e += kWarpSize)
        if (group_scores[e / size] == group_scores[e / size]) choice[e] = taken();
    __syncwarp();
}

__global__ void __launch_bounds__(128) route_experts(const __grid_constant__ RouteArgs a)
{
    begin_kernel();
    SGL_DYNAMIC_SHARED(shared);
    const int warp = threadIdx.x / kWarpSize, lane = threadIdx.x % kWarpSize;
    const int token = blockIdx.x * (blockDim.x / kWarpSize) + warp;
    if (token >= a.tokens) return;
    float* scores = reinterpret_cast<float*>(shared) + warp * (2 * a.experts + a.groups);
    float* choice = scores + a.experts;
    float* group_scores = choice + a.experts;
    const float* logits = a.logits + token * a.logits_stride;

    if (a.sigmoid) {
        for (int e = lane; e < a.experts; e += kWarpSize) scores[e] = 1.0f / (1.0f + expf(-logits[e]));
    } else {
        float top = negative_infinity(), sum = 0;
        for (int e = lane; e < a.experts; e += kWarpSize) top = fmaxf(top, logits[e]);
        top = warp_reduce(top, Max{});
        for (int e = lane; e < a.experts; e += kWarpSize) {
            scores[e] = expf(logits[e] - top);
            sum += scores[e];
        }
        sum = warp_reduce(sum, Sum{});
        for (int e = lane; e < a.experts; e += kWarpSize) scores[e] /= sum;
    }
    for (int e = lane; e < a.experts; e += kWarpSize) choice[e] = a.correction == nullptr ? scores[e] : scores[e] + a.correction[e];
    __syncwarp();
    if (a.top_groups < a.groups) keep_best_groups(a, choice, group_scores);

    float weight = 0;   // of this lane's expert, lane below top_k
    int expert = 0;
    for (int k = 0; k < a.top_k; k++) {
        const int best = max(0, warp_largest(choice, a.experts));   // 0 where nothing is a number
        __syncwarp();
        if (lane == 0) choice[best] = taken();
        if (lane == k) {
            expert = best;
            weight = scores[best];
        }
        __syncwarp();
    }
    // In the order of the choice, whatever the number.
    float sum = 0;
    for (int k = 0; k < a.top_k; k++) sum += __shfl_sync(kFullWarp, weight, k);
    if (lane >= a.top_k) return;
    a.chosen[static_cast<i64>(token) * a.top_k + lane] = expert;
    a.weights[static_cast<i64>(token) * a.top_k + lane] = (a.renormalize ? weight / (sum + 1e-20f) : weight) * a.scale;
}

}  // namespace sgl
