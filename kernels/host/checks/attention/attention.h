// Sequences over pages in no particular order, between places that hold NaN, and attention by a plain loop.
#pragma once
#include "attention/arguments.cuh"
#include "check.h"

namespace check {

struct Sequence {
    int queries, keys;
};

struct AttentionShape {
    int heads, kv_heads, dim, page_size, window = 0;
    float soft_cap = 0;
    bool sinks = false;
};

template <class Q, class T> struct AttentionBatch {
    AttentionShape shape;
    int sequences, tokens = 0, pages = 0, table = 0, width;
    Buffer<i32> query_start, kv_lengths, page_table;
    Buffer<Q> query, output;
    Buffer<T> cache;
    Buffer<float> sinks;

    template <int N> AttentionBatch(const AttentionShape& s, const Sequence (&list)[N])
        : shape(s), sequences(N), width((s.heads + 2) * s.dim), query_start(N + 1), kv_lengths(N), page_table(N * longest(s, list)),
          query(random<Q>(total(list) * width, 2)), output(total(list) * s.heads * s.dim), cache(N * longest(s, list) * page()), sinks(random<float>(s.heads))
    {
        table = longest(s, list);
        pages = N * table;
        for (int b = 0; b < N; b++) {
            query_start.host[b] = tokens;
            tokens += list[b].queries;
            kv_lengths.host[b] = list[b].keys;
            for (int p = 0; p < table; p++) page_table.host[b * table + p] = pages - 1 - (p * N + b);
        }
        query_start.host[N] = tokens;
        query_start.upload();
        kv_lengths.upload();
        page_table.upload();
        cache.set(__uint_as_float(0x7fc00000u));
        for (int b = 0; b < N; b++)
            for (int key = 0; key < list[b].keys; key++)
                for (int row = 0; row < 2 * s.kv_heads; row++)
                    for (int d = 0; d < s.dim; d++) cache.host[cached(b, key, row) + d] = value_of<T>(uniform());
        cache.upload();
    }
    template <int N> static int total(const Sequence (&list)[N])
    {
        int sum = 0;
        for (const Sequence& s : list) sum += s.queries;
        return sum;
    }
    template <int N> static int longest(const AttentionShape& shape, const Sequence (&list)[N])
    {
        int most = 1;
        for (const Sequence& s : list) most = max(most, ceil_div(s.keys, shape.page_size));
        return most;
    }
    int page() const { return 2 * shape.kv_heads * shape.page_size * shape.dim; }
    int cached(int b, int key, int row) const
    {
        return page_table.host[b * table + key / shape.page_size] * page() + (row * shape.page_size + key % shape.page_size) * shape.dim;
    }
    int group() const { return shape.heads / shape.kv_heads; }
    int queries(int b) const { return query_start.host[b + 1] - query_start.host[b]; }
    float scale() const { return 1 / sqrtf(shape.dim); }

    AttentionArgs arguments(int splits = 1, float* partial = nullptr, float* partial_lse = nullptr) const
    {
        return {query.device, cache.device, output.device, query_start.device, kv_lengths.device, page_table.device, shape.sinks ? sinks.device : nullptr, partial, partial_lse,
            width, shape.dim, page(), table, 1, sequences, shape.heads, shape.kv_heads, group(), shape.window, splits, 64, 0, scale(), shape.soft_cap};
    }
    // Tiles of so many (token, head) rows.
    unsigned tiles(int rows) const
    {
        int sum = 0;
        for (int b = 0; b < sequences; b++) sum += ceil_div(queries(b) * group(), rows);
        return static_cast<unsigned>(sum);
    }
    Numbers expected() const
    {
        Numbers result(tokens * shape.heads * shape.dim);
        for (int b = 0; b < sequences; b++)
            for (int t = 0; t < queries(b); t++)
                for (int h = 0; h < shape.heads; h++) {
                    const int token = query_start.host[b] + t, position = kv_lengths.host[b] - queries(b) + t, kv = h / group();
                    const int first = shape.window > 0 ? max(0, position - shape.window + 1) : 0;
                    Numbers weights(position + 1);
                    double top = shape.sinks ? sinks[h] : -1e30, sum = 0;
                    for (int key = first; key <= position; key++) {
                        for (int d = 0; d < shape.dim; d++) weights[key] += query[token * width + h * shape.dim + d] * cache[cached(b, key, kv) + d] * scale();
                        if (shape.soft_cap > 0) weights[key] = shape.soft_cap * tanh(weights[key] / shape.soft_cap);
                        top = max(top, weights[key]);
                    }
                    for (int key = first; key <= position; key++) sum += weights[key] = exp(weights[key] - top);
                    if (shape.sinks) sum += exp(sinks[h] - top);
                    for (int key = first; key <= position; key++)
                        for (int d = 0; d < shape.dim; d++)
                            result[(token * shape.heads + h) * shape.dim + d] += weights[key] / sum * cache[cached(b, key, shape.kv_heads + kv) + d];
                }
        return result;
    }
};

// Weights of the softmax are rounded to the type as well.
template <class T> inline constexpr double attention_rounding = 2.5 * rounding<T>;

}  // namespace check
