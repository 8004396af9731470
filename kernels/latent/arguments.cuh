// What the kernels of latent attention are told, and which part of the work a block has.
#pragma once
#include "attention/arguments.cuh"

namespace sgl {

// A cached row is the key of every head and its first Rank elements the value: attention with one kv head whose group is all heads.
// `attention.query` is [T, heads, Rank]; the rotated rest of each head is apart.
struct LatentArgs {
    AttentionArgs attention;
    const void* query_rope;         // [T, heads, Rope], strided
    i64 rope_token, rope_head;      // strides in elements
    i32 single;                     // only sequences of one token have work; a block's is found by its index
};

// The block's rows and its part of the keys; false where there is nothing to do.
template <int Rows>
__device__ __forceinline__ bool find_latent_tile(const LatentArgs& args, int block, QueryTile& tile, int& split)
{
    const AttentionArgs& a = args.attention;
    split = block % a.splits;
    block /= a.splits;
    if (!args.single) return find_tile<Rows>(a, block, tile);
    const int tiles = ceil_div(a.group, Rows);
    tile.sequence = block / tiles;
    tile.first_row = block % tiles * Rows;
    tile.query_start = a.query_start[tile.sequence];
    tile.query_length = a.query_start[tile.sequence + 1] - tile.query_start;
    tile.rows = a.group;
    tile.kv_length = a.kv_lengths[tile.sequence];
    return tile.query_length == 1;
}

}  // namespace sgl
