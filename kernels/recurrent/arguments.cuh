// What every kernel of the gated delta rule is told.
#pragma once
#include "include/sgl/types.cuh"

namespace sgl {

struct DeltaRuleArgs {
    const void* query;          // [T, key heads, K], strided
    const void* key;
    const void* value;          // [T, value heads, V], strided
    const float* log_decay;     // [T, value heads]
    const float* beta;
    float* state;               // [slots][value heads][K][V]
    void* output;               // [T, value heads, V]
    const i32* query_start;     // [sequences + 1]
    const i32* kv_lengths;      // [sequences]
    const i32* state_slots;     // [sequences]
    void* workspace;            // of the chunked kernels: a record per tile and value head
    i64 query_token, query_head;    // strides in elements
    i64 key_token, key_head;
    i64 value_token, value_head;
    i32 sequences;
    i32 key_heads;
    i32 value_heads;
    i32 value_dim;
    i32 slots;
    i32 shortest;               // sequences of fewer tokens are another kernel's
    i32 longest;                // so are those of more
    i32 first_chunk;            // of every sequence, that the chunked kernels work on now
    i32 chunks;                 // how many from there
    float scale;
    float eps;
};

inline constexpr int kChunk = 64;   // tokens whose changes of the state are computed together

// What delta_chunks leaves for delta_scan of one chunk and value head, in elements of T.
template <int KeyDim, int ValueDim>
struct ChunkRecord {
    static constexpr int change = 0;                            // [64][K]: what the state before takes off the values
    static constexpr int query = change + kChunk * KeyDim;      // [64][K]: queries, decayed to each token
    static constexpr int key = query + kChunk * KeyDim;         // [K][64]: keys, decayed from each token to the chunk's end
    static constexpr int score = key + KeyDim * kChunk;         // [64][64]: decayed q·k, zero above the diagonal
    static constexpr int value = score + kChunk * kChunk;       // [64][V]: values less what earlier tokens of the chunk store
    static constexpr int decay = value + kChunk * ValueDim;     // one float: the decay over the whole chunk
    static constexpr int size = decay + 8;
};

// Chunks of a sequence that are worked on now.
__device__ __forceinline__ int current_chunks(const DeltaRuleArgs& a, int sequence)
{
    const int length = a.query_start[sequence + 1] - a.query_start[sequence];
    if (length < a.shortest) return 0;
    return max(0, min(ceil_div(length, kChunk) - a.first_chunk, a.chunks));
}

// The sequence and chunk of tile `index`; false past the last. Every warp of the block computes it for itself.
__device__ __forceinline__ bool find_chunk(const DeltaRuleArgs& a, int index, int& sequence, int& chunk)
{
    const int lane = threadIdx.x % kWarpSize;
    for (int base = 0; base < a.sequences; base += kWarpSize) {
        const int count = base + lane < a.sequences ? current_chunks(a, base + lane) : 0;
        int through = count;
#pragma unroll
        for (int offset = 1; offset < kWarpSize; offset *= 2) {
            const int before = __shfl_up_sync(kFullWarp, through, offset);
            if (lane >= offset) through += before;
        }
        const int total = __shfl_sync(kFullWarp, through, kWarpSize - 1);
        if (index < total) {
            const int owner = __ffs(static_cast<int>(__ballot_sync(kFullWarp, through > index))) - 1;
            sequence = base + owner;
            chunk = a.first_chunk + index - __shfl_sync(kFullWarp, through - count, owner);
            return true;
        }
        index -= total;
    }
    return false;
}

// Tiles of the sequences before `sequence`.
__device__ __forceinline__ int tiles_before(const DeltaRuleArgs& a, int sequence)
{
    const int lane = threadIdx.x % kWarpSize;
    int count = 0;
    for (int other = lane; other < sequence; other += kWarpSize) count += current_chunks(a, other);
#pragma unroll
    for (int offset = kWarpSize / 2; offset > 0; offset /= 2) count += __shfl_xor_sync(kFullWarp, count, offset);
    return count;
}

}  // namespace sgl
