// A row of attention in float32 without tensor cores: eight lanes of a warp share it, a tile of keys in shared memory at a time.
#pragma once
#include "attention/arguments.cuh"

namespace sgl {

inline constexpr int kRowLanes = 8;

// Width: elements of a query and a key; ValueWidth: of a value; Keys: of a tile.
template <int Width, int ValueWidth, int Keys>
struct PlainRow {
    static constexpr int stride = Width + 4;                                    // of query, key and value rows in shared memory, in floats
    static constexpr int columns = ceil_div(ValueWidth, kRowLanes * 4);         // groups of four output columns per lane

    float output[columns][4] = {};
    float maximum = negative_infinity(), sum = 0;

    // Takes the tile that begins with key `first`, of which keys from `lowest` on and before `end` count. `weights` is the row's own,
    // Keys floats.
    template <bool SoftCap>
    __device__ __forceinline__ void attend(
        const AttentionArgs& a, const float* query, const float* key_tile, const float* value_tile, float* weights, int first, int lowest, int end)
    {
        const int lane = threadIdx.x % kRowLanes;
        float scores[Keys / kRowLanes] = {};
        for (int d = 0; d < Width; d += 4) {
            const float4 q = *reinterpret_cast<const float4*>(query + d);
#pragma unroll
            for (int j = 0; j < Keys / kRowLanes; j++) {
                const float4 k = *reinterpret_cast<const float4*>(key_tile + (j * kRowLanes + lane) * stride + d);
                scores[j] += q.x * k.x + q.y * k.y + q.z * k.z + q.w * k.w;
            }
        }
        float top = maximum;
#pragma unroll
        for (int j = 0; j < Keys / kRowLanes; j++) {
            const int key = first + j * kRowLanes + lane;
            scores[j] = key >= lowest && key < end ? scaled_score<SoftCap>(a, scores[j]) : negative_infinity();
            top = fmaxf(top, scores[j]);
        }
#pragma unroll
        for (int offset = kRowLanes / 2; offset > 0; offset /= 2) top = fmaxf(top, __shfl_xor_sync(kFullWarp, top, offset));
        const float base = top == negative_infinity() ? 0.0f : top;
        const float shrink = exp2f(maximum - base);
        maximum = top;
        sum *= shrink;
#pragma unroll
        for (int c = 0; c < columns; c++)
#pragma unroll
            for (int i = 0; i < 4; i++) output[c][i] *= shrink;
#pragma unroll
        for (int j = 0; j < Keys / kRowLanes; j++) {
            const float weight = exp2f(scores[j] - base);
            sum += weight;
            weights[j * kRowLanes + lane] = weight;
        }
        __syncwarp();   // a row's eight lanes are in one warp
        for (int k = 0; k < Keys; k++) {
            const float weight = weights[k];
#pragma unroll
            for (int c = 0; c < columns; c++) {
                const int d = (c * kRowLanes + lane) * 4;
                if (d < ValueWidth) {
                    const float4 v = *reinterpret_cast<const float4*>(value_tile + k * stride + d);
                    output[c][0] += weight * v.x;
                    output[c][1] += weight * v.y;
                    output[c][2] += weight * v.z;
                    output[c][3] += weight * v.w;
                }
            }
        }
    }

    // The lanes' sums become the row's. Every lane of the warp calls it.
    __device__ __forceinline__ void finish()
    {
#pragma unroll
        for (int offset = kRowLanes / 2; offset > 0; offset /= 2) sum += __shfl_xor_sync(kFullWarp, sum, offset);
    }

    // Writes output · share: the result of a token's head if all its keys were seen, or else one part of it.
    template <class Q>
    __device__ __forceinline__ void write(const AttentionArgs& a, i64 token, int sequence, int head, int split, bool whole, float share) const
    {
        const int lane = threadIdx.x % kRowLanes;
        const i64 part = (static_cast<i64>(sequence) * a.query_heads + head) * a.splits + split;
#pragma unroll
        for (int c = 0; c < columns; c++)
#pragma unroll
            for (int i = 0; i < 4; i++) {
                const int d = (c * kRowLanes + lane) * 4 + i;
                if (d >= ValueWidth) continue;
                if (whole) static_cast<Q*>(a.output)[(token * a.query_heads + head) * ValueWidth + d] = from_float<Q>(output[c][i] * share);
                else a.partial[part * ValueWidth + d] = output[c][i] * share;
            }
        if (!whole && lane == 0) a.partial_lse[part] = (maximum == negative_infinity() ? 0.0f : maximum) + log2f(sum);
    }
};

}  // namespace sgl
