// The part of the gated delta rule that goes from chunk to chunk, on what delta_chunks left: per chunk, with the state S before it,
// changes V = value − change · S; outputs query · S + score · V; S ← decay · S + keyᵀ · V. A block takes Columns of a head's state
// through a sequence, in float32 registers; operands of products are rounded to T.
#include "include/sgl/convert.cuh"
#include "include/sgl/math.cuh"
#include "recurrent/arguments.cuh"

namespace sgl {

template <int KeyDim, int Columns>
struct ScanTiles {
    static constexpr int key_stride = KeyDim + 8, chunk_stride = kChunk + 8, column_stride = Columns + 8;
    static constexpr int query = kChunk * key_stride, key = 2 * kChunk * key_stride, score = key + KeyDim * chunk_stride;
    static constexpr int value = score + kChunk * chunk_stride, stage = value + kChunk * column_stride;
};

// Starts the copy of Rows rows of Width elements; rows lie `source_stride` elements apart.
template <int Rows, int Width, int Stride, class T>
__device__ __forceinline__ void copy_tile_async(T* tile, const T* source, int source_stride)
{
    constexpr int chunks = Width / 8;
    for (int work = threadIdx.x; work < Rows * chunks; work += blockDim.x) {
        const int row = work / chunks, column = work % chunks * 8;
        copy_async_16(tile + row * Stride + column, source + row * source_stride + column, true);
    }
}

// grid (blocks of Columns columns, value heads, sequences).
template <class T, class Out, int KeyDim, int ValueDim, int Columns, int Stages>
__global__ void __launch_bounds__(128) delta_scan(const __grid_constant__ DeltaRuleArgs a)
{
    begin_kernel();
    using Record = ChunkRecord<KeyDim, ValueDim>;
    using Tiles = ScanTiles<KeyDim, Columns>;
    constexpr int warps = 4, row_tiles = KeyDim / 16, own_tiles = ceil_div(row_tiles, warps);
    SGL_DYNAMIC_SHARED(shared);
    T* stages = reinterpret_cast<T*>(shared);
    T* state_tile = stages + Stages * Tiles::stage;                     // [K][column_stride]
    T* change_tile = state_tile + KeyDim * Tiles::column_stride;        // [64][column_stride]

    const int sequence = blockIdx.z, head = blockIdx.y, first_column = blockIdx.x * Columns;
    const int chunks = current_chunks(a, sequence);
    if (chunks == 0) return;
    const int thread = threadIdx.x, warp = thread / kWarpSize, lane = thread % kWarpSize;
    const int start = a.query_start[sequence], length = a.query_start[sequence + 1] - start;
    const bool fresh = a.first_chunk == 0 && a.kv_lengths[sequence] == length;
    const T* records = static_cast<const T*>(a.workspace) + (static_cast<i64>(tiles_before(a, sequence)) * a.value_heads + head) * Record::size;
    const i64 record_step = static_cast<i64>(a.value_heads) * Record::size;
    const i64 slot = min(static_cast<u32>(a.state_slots[sequence]), static_cast<u32>(a.slots - 1));
    float* state_rows = a.state + (slot * a.value_heads + head) * KeyDim * ValueDim + first_column;

    float state[own_tiles][Columns / 8][4];
#pragma unroll
    for (int r = 0; r < own_tiles; r++)
#pragma unroll
        for (int n = 0; n < Columns / 8; n++)
#pragma unroll
            for (int i = 0; i < 4; i++) {
                const int row = (warp + r * warps) * 16 + lane / 4 + 8 * (i / 2), column = n * 8 + lane % 4 * 2 + i % 2;
                state[r][n][i] = !fresh && row < KeyDim ? state_rows[row * ValueDim + column] : 0.0f;
            }

    const auto start_copy = [&](int chunk) {
        T* to = stages + chunk % Stages * Tiles::stage;
        const T* record = records + chunk * record_step;
        copy_tile_async<kChunk, KeyDim, Tiles::key_stride>(to, record + Record::change, KeyDim);
        copy_tile_async<kChunk, KeyDim, Tiles::key_stride>(to + Tiles::query, record + Record::query, KeyDim);
        copy_tile_async<KeyDim, kChunk, Tiles::chunk_stride>(to + Tiles::key, record + Record::key, kChunk);
        copy_tile_async<kChunk, kChunk, Tiles::chunk_stride>(to + Tiles::score, record + Record::score, kChunk);
        copy_tile_async<kChunk, Columns, Tiles::column_stride>(to + Tiles::value, record + Record::value + first_column, ValueDim);
        copy_async_commit();
    };
    start_copy(0);
    const int rows = warp * 16;
    for (int chunk = 0; chunk < chunks; chunk++) {
#pragma unroll
        for (int r = 0; r < own_tiles; r++)
#pragma unroll
            for (int half = 0; half < 2; half++) {
                const int row = (warp + r * warps) * 16 + lane / 4 + 8 * half;
                if (row >= KeyDim) continue;
#pragma unroll
                for (int n = 0; n < Columns / 8; n++)
                    *reinterpret_cast<u32*>(state_tile + row * Tiles::column_stride + n * 8 + lane % 4 * 2) =
                        pack<T>(state[r][n][2 * half], state[r][n][2 * half + 1]);
            }
        copy_async_wait<0>();
        __syncthreads();   // the chunk and the state are there, and no warp still reads the chunk before
        if (Stages > 1 && chunk + 1 < chunks) start_copy(chunk + 1);
        const T* tiles = stages + chunk % Stages * Tiles::stage;
        const float decay = *reinterpret_cast<const float*>(records + chunk * record_step + Record::decay);

        float change[Columns / 8][4] = {}, output[Columns / 8][4] = {};
        const T* left_from = tiles + (rows + (lane & 15)) * Tiles::key_stride + (lane >> 4) * 8;
#pragma unroll
        for (int step = 0; step < KeyDim / 16; step++) {
            u32 left[4], query[4];
            load_matrix_x4(left, left_from + step * 16);
            load_matrix_x4(query, left_from + Tiles::query + step * 16);
#pragma unroll
            for (int n = 0; n < Columns / 16; n++) {
                u32 right[4];
                load_matrix_x4_transposed(right, state_tile + (step * 16 + (lane & 15)) * Tiles::column_stride + (lane >> 4) * 8 + n * 16);
                mma_16x8x16<T>(change[2 * n], left, right[0], right[1]);
                mma_16x8x16<T>(change[2 * n + 1], left, right[2], right[3]);
                mma_16x8x16<T>(output[2 * n], query, right[0], right[1]);
                mma_16x8x16<T>(output[2 * n + 1], query, right[2], right[3]);
            }
        }
#pragma unroll
        for (int half = 0; half < 2; half++) {
            const int at = (rows + lane / 4 + 8 * half) * Tiles::column_stride + lane % 4 * 2;
#pragma unroll
            for (int n = 0; n < Columns / 8; n++) {
                const T* value = tiles + Tiles::value + at + n * 8;
                *reinterpret_cast<u32*>(change_tile + at + n * 8) =
                    pack<T>(to_float(value[0]) - change[n][2 * half], to_float(value[1]) - change[n][2 * half + 1]);
            }
        }
        __syncthreads();

#pragma unroll
        for (int k = 0; k < kChunk / 16; k++) {
            u32 left[4];
            load_matrix_x4(left, tiles + Tiles::score + (rows + (lane & 15)) * Tiles::chunk_stride + k * 16 + (lane >> 4) * 8);
            u32 keys[own_tiles][4];
#pragma unroll
            for (int r = 0; r < own_tiles; r++)
                if ((warp + r * warps) * 16 < KeyDim)
                    load_matrix_x4(keys[r], tiles + Tiles::key + ((warp + r * warps) * 16 + (lane & 15)) * Tiles::chunk_stride + k * 16 + (lane >> 4) * 8);
            if (k == 0)
#pragma unroll
                for (int r = 0; r < own_tiles; r++)
#pragma unroll
                    for (int n = 0; n < Columns / 8; n++)
#pragma unroll
                        for (int i = 0; i < 4; i++) state[r][n][i] *= decay;
#pragma unroll
            for (int n = 0; n < Columns / 16; n++) {
                u32 right[4];
                load_matrix_x4_transposed(right, change_tile + (k * 16 + (lane & 15)) * Tiles::column_stride + (lane >> 4) * 8 + n * 16);
                mma_16x8x16<T>(output[2 * n], left, right[0], right[1]);
                mma_16x8x16<T>(output[2 * n + 1], left, right[2], right[3]);
#pragma unroll
                for (int r = 0; r < own_tiles; r++)
                    if ((warp + r * warps) * 16 < KeyDim) {
                        mma_16x8x16<T>(state[r][2 * n], keys[r], right[0], right[1]);
                        mma_16x8x16<T>(state[r][2 * n + 1], keys[r], right[2], right[3]);
                    }
            }
        }
#pragma unroll
        for (int half = 0; half < 2; half++) {
            const int within = (a.first_chunk + chunk) * kChunk + rows + lane / 4 + 8 * half;
            if (within >= length) continue;
            Out* out = static_cast<Out*>(a.output) + (static_cast<i64>(start + within) * a.value_heads + head) * ValueDim + first_column + lane % 4 * 2;
#pragma unroll
            for (int n = 0; n < Columns / 8; n++)
                if constexpr (same_type<Out, float>) *reinterpret_cast<float2*>(out + n * 8) = make_float2(output[n][2 * half], output[n][2 * half + 1]);
                else *reinterpret_cast<u32*>(out + n * 8) = pack<Out>(output[n][2 * half], output[n][2 * half + 1]);
        }
        if (Stages == 1 && chunk + 1 < chunks) {
            __syncthreads();   // no warp still reads the chunk
            start_copy(chunk + 1);
        }
    }
#pragma unroll
    for (int r = 0; r < own_tiles; r++)
#pragma unroll
        for (int n = 0; n < Columns / 8; n++)
#pragma unroll
            for (int i = 0; i < 4; i++) {
                const int row = (warp + r * warps) * 16 + lane / 4 + 8 * (i / 2), column = n * 8 + lane % 4 * 2 + i % 2;
                if (row < KeyDim) state_rows[row * ValueDim + column] = state[r][n][i];
            }
}

}  // namespace sgl
