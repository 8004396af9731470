// Sequences of a gated delta rule and their states, and the rule token by token by a plain loop.
#pragma once
#include "check.h"
#include "recurrent/arguments.cuh"

namespace check {

template <int KeyDim> struct DeltaBatch {
    static constexpr int sequences = 3, slots = 4;
    static constexpr float eps = 1e-6f;
    int key_heads, value_heads, value_dim, tokens, keys, width;
    Buffer<i32> query_start, kv_lengths, state_slots;
    Buffer<float> x, log_decay, beta, state, output;
    Numbers expected, expected_state;

    // Queries, keys and values of a token side by side. The first sequence goes on from its slot, the others begin here and find NaN.
    DeltaBatch(const int (&lengths)[sequences], int kh, int vh, int vd)
        : key_heads(kh), value_heads(vh), value_dim(vd), tokens(lengths[0] + lengths[1] + lengths[2]), keys(kh * KeyDim), width(2 * keys + vh * vd),
          query_start(sequences + 1), kv_lengths(sequences), state_slots(sequences), x(random<float>(tokens * width)), log_decay(random<float>(tokens * vh, 0.15f, -0.15f)),
          beta(random<float>(tokens * vh, 0.5f, 0.5f)), state(random<float>(slots * vh * KeyDim * vd, 0.2f)), output(tokens * vh * vd), expected(output.count),
          expected_state(state.count)
    {
        for (int i = 0; i < state.count; i++) expected_state[i] = state[i];
        const int size = vh * KeyDim * vd;
        for (int b = 0; b < sequences; b++) {
            query_start.host[b + 1] = query_start.host[b] + lengths[b];
            kv_lengths.host[b] = lengths[b] + (b == 0 ? 5 : 0);
            state_slots.host[b] = slots - 1 - b;
            for (int i = 0; b > 0 && i < size; i++) {
                expected_state[state_slots.host[b] * size + i] = 0;
                state.host[state_slots.host[b] * size + i] = __uint_as_float(0x7fc00000u);
            }
            for (int h = 0; h < vh; h++) run(b, h);
        }
        query_start.upload();
        kv_lengths.upload();
        state_slots.upload();
        state.upload();
    }
    int length(int b) const { return query_start.host[b + 1] - query_start.host[b]; }
    double key(int token, int head, int d) const { return unit(token * width + keys + head / (value_heads / key_heads) * KeyDim, d); }
    double query(int token, int head, int d) const { return unit(token * width + head / (value_heads / key_heads) * KeyDim, d) / sqrt(KeyDim); }
    double value(int token, int head, int d) const { return x[token * width + 2 * keys + head * value_dim + d]; }

    DeltaRuleArgs arguments(void* workspace = nullptr, int chunks = 0) const
    {
        return {x.device, x.device + keys, x.device + 2 * keys, log_decay.device, beta.device, state.device, output.device, query_start.device, kv_lengths.device,
            state_slots.device, workspace, width, KeyDim, width, KeyDim, width, value_dim, sequences, key_heads, value_heads, value_dim, slots, 0, 0x7fffffff, 0, chunks,
            1 / sqrtf(KeyDim), eps};
    }

private:
    double unit(int at, int d) const
    {
        double squares = 0;
        for (int i = 0; i < KeyDim; i++) squares += x[at + i] * x[at + i];
        return x[at + d] / sqrt(squares + eps);
    }
    void run(int b, int h)
    {
        double* s = expected_state.values + (state_slots.host[b] * value_heads + h) * KeyDim * value_dim;
        Numbers k(KeyDim), q(KeyDim);
        for (int t = query_start.host[b]; t < query_start.host[b + 1]; t++) {
            const double decay = exp(log_decay[t * value_heads + h]);
            for (int d = 0; d < KeyDim; d++) k[d] = key(t, h, d), q[d] = query(t, h, d);
            for (int c = 0; c < value_dim; c++) {
                double remembered = 0, seen = 0;
                for (int d = 0; d < KeyDim; d++) remembered += k[d] * (s[d * value_dim + c] *= decay);
                const double change = beta[t * value_heads + h] * (value(t, h, c) - remembered);
                for (int d = 0; d < KeyDim; d++) seen += q[d] * (s[d * value_dim + c] += k[d] * change);
                expected[(t * value_heads + h) * value_dim + c] = seen;
            }
        }
    }
};

// By chunks every operand of a product is rounded before it, and what comes of one enters the next.
template <class T> inline constexpr double delta_rounding = 10 * rounding<T>;

}  // namespace check
