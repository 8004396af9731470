#include "sampling/sample.cu"
#include "check.h"

using namespace check;

KERNEL(sgl::plan_rows)
KERNEL(sgl::pick_tokens)

struct Draw {
    float temperature;
    i32 top_k;
    float top_p, min_p;
};

static double gumbel(i64 seed, i32 position, int token)
{
    const u32 h = static_cast<u32>(mix(mix(mix(static_cast<u64>(seed)) ^ static_cast<u32>(position)) ^ static_cast<u32>(token))) >> 9;
    return -log(-log((h + 0.5) / 8388608));
}

// The token of a row: the largest logit / temperature + noise of those that are left by k, mass and share of the largest.
static int drawn(const float* logits, int columns, const Draw& d, i64 seed, i32 position)
{
    const auto value = [&](int i) { return static_cast<double>(logits[i]) / (d.temperature > 0 ? d.temperature : 1); };
    Numbers order(columns);
    for (int i = 0; i < columns; i++) {
        int rank = 0;
        for (int j = 0; j < columns; j++) rank += logits[j] > logits[i] || (logits[j] == logits[i] && j < i);
        order[rank] = i;
    }
    const int first = static_cast<int>(order[0]);
    if (d.temperature <= 0) return first;
    int kept = d.top_k > 0 ? min(d.top_k, columns) : columns;
    double total = 0, mass = 0;
    for (int i = 0; i < kept; i++) total += exp(value(order[i]) - value(first));
    for (int i = 0; i < kept; i++) {
        mass += exp(value(order[i]) - value(first));
        if (mass >= d.top_p * total) kept = i + 1;
    }
    int best = first;
    for (int i = 0; i < kept; i++) {
        const int token = static_cast<int>(order[i]);
        if (exp(value(token) - value(first)) < d.min_p) continue;
        if (value(token) + gumbel(seed, position, token) > value(best) + gumbel(seed, position, best)) best = token;
    }
    return best;
}

static void check_sample(const char* name, int columns, int chunk, bool greedy)
{
    const Draw draws[] = {{0, 0, 1, 0}, {1, 0, 1, 0}, {0.7f, 5, 1, 0}, {1.5f, 0, 0.8f, 0}, {1, 40, 0.6f, 0.05f}, {2, 0, 1, 0.2f}};
    const int rows = sizeof(draws) / sizeof(draws[0]), chunks = ceil_div(columns, chunk);
    auto logits = random<float>(rows * columns, 6);
    Buffer<float> temperature(rows), top_p(rows), min_p(rows), maximum(rows);
    Buffer<i32> top_k(rows), position(rows), output(rows);
    Buffer<i64> seed(rows);
    Buffer<u32> threshold(rows), finished(rows);
    Buffer<u64> best(rows);
    Numbers expected(rows);
    for (int r = 0; r < rows; r++) {
        temperature.host[r] = draws[r].temperature;
        top_k.host[r] = draws[r].top_k;
        top_p.host[r] = draws[r].top_p;
        min_p.host[r] = draws[r].min_p;
        seed.host[r] = 1000 + r;
        position.host[r] = 17 * r;
        expected[r] = drawn(logits.host + r * columns, columns, greedy ? draws[0] : draws[r], seed.host[r], position.host[r]);
    }
    best.set(0);
    finished.set(0);
    const SampleArgs arguments{logits.device, temperature.upload().device, top_k.upload().device, top_p.upload().device, min_p.upload().device,
        seed.upload().device, position.upload().device, output.device, threshold.device, maximum.device, best.device, finished.device, rows, columns, chunks, chunk, greedy};
    if (!greedy) launch<&plan_rows>({static_cast<unsigned>(rows)}, kRowThreads, arguments);
    launch<&pick_tokens>({static_cast<unsigned>(rows * chunks)}, 256, arguments);
    compare(name, output, expected, 0);
}

CHECK
{
    check_sample("6x1000", 1000, 256, false);
    check_sample("6x77, the largest", 77, 64, true);
    check_sample("6x9", 9, 2048, false);
}
