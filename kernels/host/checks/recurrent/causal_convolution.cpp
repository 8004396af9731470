#include "recurrent/causal_convolution.cu"
#include "check.h"

using namespace check;

KERNEL(sgl::causal_convolution<float, bf16, float, 4, true>)
KERNEL(sgl::causal_convolution<float, float, float, 3, false>)

// One sequence goes on from what its slot holds; those that begin here find NaN there.
template <class W, int Taps, bool Silu> static void check_convolution(const char* name, int channels, int tile, bool biased)
{
    const int lengths[] = {1, 2, 40, 1}, totals[] = {1, 2, 47, 9}, taken[] = {4, 0, 2, 3}, sequences = 4, slots = 5, past = Taps - 1;
    Buffer<i32> query_start(sequences + 1);
    auto kv_lengths = buffer_of(totals), state_slots = buffer_of(taken);
    int tiles = 0;
    for (int b = 0; b < sequences; b++) {
        query_start.host[b + 1] = query_start.host[b] + lengths[b];
        tiles += ceil_div(lengths[b], tile);
    }
    query_start.upload();
    const int tokens = query_start.host[sequences], stride = channels + 3;
    auto x = random<float>(tokens * stride), state = random<float>(slots * past * channels);
    auto weight = random<W>(channels * Taps), bias = random<W>(channels);
    Buffer<float> output(tokens * channels);
    Numbers expected(output.count), expected_state(state.count);
    for (int i = 0; i < state.count; i++) expected_state[i] = state[i];
    for (int b = 0; b < sequences; b++) {
        const bool fresh = totals[b] == lengths[b];
        const int first = query_start.host[b];
        for (int c = 0; c < channels; c++) {
            // Input t of the sequence, the remembered ones being before 0.
            const auto input = [&](int t) { return t >= 0 ? x[(first + t) * stride + c] : fresh ? 0.0 : state[(taken[b] * past + t + past) * channels + c]; };
            for (int t = 0; t < lengths[b]; t++) {
                double sum = biased ? bias[c] : 0;
                for (int j = 0; j < Taps; j++) sum += weight[c * Taps + j] * input(t - past + j);
                expected[(first + t) * channels + c] = Silu ? sum * sigmoid(sum) : sum;
            }
            for (int j = 0; j < past; j++) expected_state[(taken[b] * past + j) * channels + c] = input(lengths[b] - past + j);
        }
        for (int i = 0; fresh && i < past * channels; i++) state.host[taken[b] * past * channels + i] = __uint_as_float(0x7fc00000u);
    }
    state.upload();
    launch<&causal_convolution<float, W, float, Taps, Silu>>({static_cast<unsigned>(ceil_div(channels, 64)), static_cast<unsigned>(tiles + 1)}, 64,
        ConvolutionArgs{x.device, weight.device, biased ? bias.device : nullptr, state.device, output.device, query_start.device, kv_lengths.device, state_slots.device,
            stride, Taps, past * channels, channels, sequences, channels, slots, tile});
    printf("  %s\n", name);
    compare("  outputs", output, expected);
    compare("  states", state, expected_state);
}

CHECK
{
    check_convolution<bf16, 4, true>("4 taps, SiLU, 70 channels, tiles of 32", 70, 32, false);
    check_convolution<float, 3, false>("3 taps, bias, 33 channels, tiles of 8", 33, 8, true);
}
