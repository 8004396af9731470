// A causal convolution along each sequence, channel by channel, that continues from the sequence's last inputs and moves them on.
// One thread: a channel, through a tile of a sequence's tokens. The thread that has the sequence's first tokens alone touches the state.
#include "include/sgl/convert.cuh"
#include "include/sgl/math.cuh"
#include "include/sgl/sequences.cuh"

namespace sgl {

struct ConvolutionArgs {
    const void* x;              // [T, channels], strided rows
    const void* weight;         // [channels, taps]
    const void* bias;           // [channels], or null
    void* state;                // [slots][taps − 1][channels], oldest input first
    void* output;               // [T, channels]
    const i32* query_start;     // [sequences + 1]
    const i32* kv_lengths;      // [sequences]
    const i32* state_slots;     // [sequences]
    i64 x_stride;
    i64 weight_stride;
    i64 state_slot_stride, state_row_stride;
    i32 sequences;
    i32 channels;
    i32 slots;
    i32 tile;                   // tokens of a tile
};

// grid (blocks of channels, tiles).
template <class T, class W, class Out, int Taps, bool Silu>
__global__ void __launch_bounds__(256) causal_convolution(const __grid_constant__ ConvolutionArgs a)
{
    begin_kernel();
    constexpr int past = Taps - 1;
    TokenTile tile;
    if (!find_token_tile(a.query_start, a.sequences, a.tile, blockIdx.y, tile)) return;
    const int channel = blockIdx.x * blockDim.x + threadIdx.x;
    if (channel >= a.channels) return;
    // A slot beyond the pool is a caller's defect; it must not become a fault of the device.
    const i64 slot = min(static_cast<u32>(a.state_slots[tile.sequence]), static_cast<u32>(a.slots - 1));
    T* state = static_cast<T*>(a.state) + slot * a.state_slot_stride + channel;
    const T* x = static_cast<const T*>(a.x) + channel;
    Out* output = static_cast<Out*>(a.output) + channel;
    const int length = tile.sequence_end - tile.sequence_first;
    const bool fresh = a.kv_lengths[tile.sequence] == length, is_first = tile.first == tile.sequence_first;

    float weight[Taps], window[Taps];   // window: the inputs that an output sees, oldest first
#pragma unroll
    for (int j = 0; j < Taps; j++) weight[j] = to_float(static_cast<const W*>(a.weight)[channel * a.weight_stride + j]);
    const float bias = a.bias ? to_float(static_cast<const W*>(a.bias)[channel]) : 0.0f;
#pragma unroll
    for (int j = 0; j < past; j++) {
        const int token = tile.first - past + j;
        if (token >= tile.sequence_first) window[j + 1] = to_float(x[token * a.x_stride]);
        else window[j + 1] = fresh ? 0.0f : to_float(state[(token - tile.sequence_first + past) * a.state_row_stride]);
    }
    if (is_first && past > 0) {
        // What the state will hold: the sequence's last inputs, of which some may be in the state already.
        T next[past > 0 ? past : 1];
#pragma unroll
        for (int j = 0; j < past; j++) {
            const int token = tile.sequence_end - past + j;
            if (token >= tile.sequence_first) next[j] = x[token * a.x_stride];
            else next[j] = fresh ? from_float<T>(0.0f) : state[(token - tile.sequence_first + past) * a.state_row_stride];
        }
#pragma unroll
        for (int j = 0; j < past; j++) state[j * a.state_row_stride] = next[j];
    }
    for (int token = tile.first; token < tile.end; token++) {
#pragma unroll
        for (int j = 0; j < past; j++) window[j] = window[j + 1];
        window[past] = to_float(x[token * a.x_stride]);
        float sum = bias;
#pragma unroll
        for (int j = 0; j < Taps; j++) sum += weight[j] * window[j];
        output[static_cast<i64>(token) * a.channels] = from_float<Out>(Silu ? silu<Out>(sum) : sum);
    }
}

}  // namespace sgl
