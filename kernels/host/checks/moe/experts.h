// Pairs of tokens and experts, and the products of experts by a plain loop.
#pragma once
#include "check.h"
#include "moe/experts.cuh"

namespace check {

struct Experts {
    int tokens, experts, top_k, depth, columns;     // columns of the product; a gated weight has twice as many rows
    Buffer<i32> pairs, starts;
    Numbers chosen;

    Experts(int t, int e, int k, int d, int c) : tokens(t), experts(e), top_k(k), depth(d), columns(c), pairs(t * k), starts(e + 1), chosen(t * k)
    {
        // Uneven on purpose, and the last expert is nobody's.
        for (int p = 0; p < pairs.count; p++) chosen[p] = p * p % 7 * p % (e > 1 ? e - 1 : 1);
        int place = 0;
        for (int expert = 0; expert < e; expert++) {
            starts.host[expert] = place;
            for (int p = 0; p < pairs.count; p++)
                if (chosen[p] == expert) pairs.host[place++] = p;
        }
        starts.host[e] = place;
        pairs.upload();
        starts.upload();
    }
    int expert_of(int row) { return static_cast<int>(chosen[pairs.host[row]]); }
    unsigned tiles(int rows) const { return static_cast<unsigned>(min(pairs.count, pairs.count / rows + experts)); }
};

// One product of all experts: gated, rows of x gathered by token and results in the order of the experts; plain, results by pair.
template <class T, class Out, class Activation, class Launch>
inline void check_experts(const char* name, Experts e, bool biased, float limit, Launch launch_with)
{
    constexpr bool gated = !same_type<Activation, void>;
    const int rows = gated ? 2 * e.columns : e.columns, stride = e.depth + 8;
    auto x = random<T>((gated ? e.tokens : e.pairs.count) * stride), weight = random<T>(e.experts * rows * e.depth, 2 / sqrtf(e.depth));
    auto bias = random<float>(e.experts * rows, 0.5f), factors = random<float>(e.pairs.count, 0.5f, 1);
    Buffer<Out> output(e.pairs.count * e.columns);
    launch_with(ExpertArgs{x.device, weight.device, biased ? bias.device : nullptr, output.device, e.pairs.device, e.starts.device, biased ? factors.device : nullptr,
        stride, e.experts, e.columns, e.depth, gated ? e.top_k : 0, !gated, limit});
    Numbers expected(output.count);
    for (int r = 0; r < e.pairs.count; r++) {
        const int pair = e.pairs.host[r], source = gated ? pair / e.top_k : r, target = gated ? r : pair;
        const auto product = [&](int row) {
            double sum = 0;
            for (int d = 0; d < e.depth; d++) sum += x[source * stride + d] * weight[(e.expert_of(r) * rows + row) * e.depth + d];
            return biased ? sum * factors[pair] + bias[e.expert_of(r) * rows + row] : sum;
        };
        for (int c = 0; c < e.columns; c++) {
            double value = product(c);
            if constexpr (gated) {
                double up = product(e.columns + c);
                if (limit > 0) value = min(value, static_cast<double>(limit)), up = max(min(up, static_cast<double>(limit)), -static_cast<double>(limit));
                value = same_type<Activation, SwigluOss> ? value * sigmoid(1.702 * value) * (up + 1) : value * sigmoid(value) * up;
            }
            expected[target * e.columns + c] = value;
        }
    }
    compare(name, output, expected);
}

}  // namespace check
