// What every attention kernel is told, and which part of the work a block has.
#pragma once
#include "include/sgl/math.cuh"
#include "include/sgl/vector.cuh"

namespace sgl {

struct AttentionArgs {
    const void* query;          // [T, query heads, D], strided
    const void* cache;          // [page][K|V][kv head][token in page][D]
    void* output;               // [T, query heads, D], contiguous
    const i32* query_start;     // [sequences + 1]
    const i32* kv_lengths;      // [sequences]
    const i32* page_table;      // [sequences, pages], strided
    const float* sinks;         // [query heads] one more score of the softmax, without a value; null for none
    float* partial;             // [sequences, query heads, splits, D] normalised outputs of parts; null when splits is 1
    float* partial_lse;         // [sequences, query heads, splits] log2 of the sum of exponentials
    i64 query_token, query_head;    // strides in elements
    i64 page_stride;
    i64 page_table_stride;      // from one sequence's entries to the next's
    i32 page_table_step;        // from one page of a sequence to the next
    i32 sequences;
    i32 query_heads;
    i32 kv_heads;
    i32 group;                  // query heads per kv head
    i32 window;                 // 0: unlimited
    i32 splits;                 // the most parts a sequence's keys are cut into
    i32 shortest_part;          // keys that a part has at least, a multiple of 64
    i32 mixed;                  // both kernels run: decode takes the sequences with one token, prefill the others
    float scale;
    float soft_cap;             // 0: none
};

// Rows of a tile are (token, head of the group) pairs, heads fastest: keys and values are read once for a whole group.
struct QueryTile {
    int sequence;
    int first_row;      // of the sequence's query_length · group rows
    int rows;           // in the sequence
    int query_start;
    int query_length;
    int kv_length;

    __device__ __forceinline__ int position(int row, int group) const { return kv_length - query_length + row / group; }
};

// Tile `index` of all sequences' tiles of Rows rows; false past the last. Every warp of the block computes it for itself. Within a
// sequence the last tile, which sees the most keys, comes first.
template <int Rows>
__device__ __forceinline__ bool find_tile(const AttentionArgs& a, int index, QueryTile& tile)
{
    const int lane = threadIdx.x % kWarpSize;
    for (int base = 0; base < a.sequences; base += kWarpSize) {
        const int sequence = base + lane;
        int count = 0, start = 0, length = 0;
        if (sequence < a.sequences) {
            start = a.query_start[sequence];
            length = a.query_start[sequence + 1] - start;
            if (!(a.mixed && length == 1)) count = ceil_div(length * a.group, Rows);
        }
        int through = count;
#pragma unroll
        for (int offset = 1; offset < kWarpSize; offset *= 2) {
            const int before = __shfl_up_sync(kFullWarp, through, offset);
            if (lane >= offset) through += before;
        }
        const int total = __shfl_sync(kFullWarp, through, kWarpSize - 1);
        if (index < total) {
            const int owner = __ffs(static_cast<int>(__ballot_sync(kFullWarp, through > index))) - 1;
            const int within = index - __shfl_sync(kFullWarp, through - count, owner);
            const int tiles = __shfl_sync(kFullWarp, count, owner);
            tile.sequence = base + owner;
            tile.query_start = __shfl_sync(kFullWarp, start, owner);
            tile.query_length = __shfl_sync(kFullWarp, length, owner);
            tile.rows = tile.query_length * a.group;
            tile.first_row = (tiles - 1 - within) * Rows;
            tile.kv_length = a.kv_lengths[tile.sequence];
            return true;
        }
        index -= total;
    }
    return false;
}

// A score in the units of exp2: what the softmax works on.
template <bool SoftCap>
__device__ __forceinline__ float scaled_score(const AttentionArgs& a, float score)
{
    if constexpr (SoftCap) return a.soft_cap * fast_tanh(score * (a.scale / a.soft_cap)) * kLog2E;
    else return score * (a.scale * kLog2E);
}

// What turns a head's sum of weighted values, its softmax being relative to `maximum` (in units of exp2), into their mean. A sink
// adds to the denominator only. Relative to the larger of the two, so that neither exponential overflows.
__device__ __forceinline__ float softmax_share(const AttentionArgs& a, int head, float maximum, float sum)
{
    if (a.sinks == nullptr) return sum > 0 ? 1.0f / sum : 0.0f;
    const float sink = a.sinks[head] * kLog2E;
    if (sink <= maximum) return 1.0f / (sum + exp2f(sink - maximum));
    const float shrink = exp2f(maximum - sink);
    return shrink / (sum * shrink + 1.0f);
}

// First key that a query at `position` sees.
__device__ __forceinline__ int first_key(const AttentionArgs& a, int position)
{
    return a.window > 0 && position >= a.window ? position - a.window + 1 : 0;
}

// How the keys that a sequence's one token sees are cut: into parts of one length. Read from the sequence's own length, so that a
// launch that was recorded fits every length; what it was cut for on the host is only the number of parts.
struct KeyParts {
    int first;      // a multiple of 64, at or below the first key in sight
    int length;     // a multiple of 64
    int count;

    __device__ __forceinline__ KeyParts(const AttentionArgs& a, int kv_length)
    {
        first = first_key(a, kv_length - 1) / 64 * 64;
        const int keys = kv_length - first;
        length = max(a.shortest_part, ceil_div(ceil_div(keys, a.splits), 64) * 64);
        count = max(1, ceil_div(keys, length));
    }

    __device__ __forceinline__ int begin(int part) const { return first + part * length; }
};

// The keys that one block reads for a tile of queries: all that the tile sees, or one part of them. Empty where there are fewer parts.
struct KeyRange {
    int begin, end;
    bool whole;     // no other block reads any

    __device__ __forceinline__ KeyRange(const AttentionArgs& a, int kv_length, int split, int tile_first, int tile_end)
        : begin(tile_first), end(tile_end), whole(true)
    {
        if (a.splits == 1) return;
        const KeyParts parts(a, kv_length);
        begin = max(parts.begin(split), tile_first);
        end = split < parts.count ? min(parts.begin(split + 1), tile_end) : begin;
        whole = parts.count == 1;
    }

    __device__ __forceinline__ bool is_empty() const { return end <= begin; }
};

// Where one kv head's keys (or values) of a sequence lie. Offsets are 64-bit: a pool may hold more than 2^31 elements.
template <class T, int HeadDim, int PageSize>
struct PagedRows {
    const T* base;
    const i32* pages;
    i64 page_stride;
    u32 page_step;

    __device__ __forceinline__ PagedRows(const AttentionArgs& a, int sequence, int kv_head, bool values)
        : base(static_cast<const T*>(a.cache) + static_cast<i64>((values ? a.kv_heads : 0) + kv_head) * PageSize * HeadDim),
          pages(a.page_table + sequence * a.page_table_stride), page_stride(a.page_stride), page_step(a.page_table_step) {}

    __device__ __forceinline__ const T* row(int key) const
    {
        const u32 page = static_cast<u32>(key) / PageSize, offset = static_cast<u32>(key) % PageSize;
        return base + pages[page * page_step] * page_stride + offset * HeadDim;
    }
};

}  // namespace sgl
