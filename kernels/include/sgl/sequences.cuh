// Which part of which sequence a block works on, where tokens of several sequences lie one after the other.
#pragma once
#include "include/sgl/types.cuh"

namespace sgl {

struct TokenTile {
    int sequence;
    int first;      // token of the batch
    int end;        // one past the tile's last token
    int sequence_first, sequence_end;
};

// Tile `index` of all sequences' tiles of `tile` tokens; false past the last. Every warp of the block computes it for itself.
__device__ __forceinline__ bool find_token_tile(const i32* query_start, int sequences, int tile, int index, TokenTile& found)
{
    const int lane = threadIdx.x % kWarpSize;
    for (int base = 0; base < sequences; base += kWarpSize) {
        const int sequence = base + lane;
        int start = 0, end = 0;
        if (sequence < sequences) {
            start = query_start[sequence];
            end = query_start[sequence + 1];
        }
        const int count = ceil_div(end - start, tile);
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
            found.sequence = base + owner;
            found.sequence_first = __shfl_sync(kFullWarp, start, owner);
            found.sequence_end = __shfl_sync(kFullWarp, end, owner);
            found.first = found.sequence_first + within * tile;
            found.end = min(found.first + tile, found.sequence_end);
            return true;
        }
        index -= total;
    }
    return false;
}

}  // namespace sgl
