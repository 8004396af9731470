// Sequences over pages of latents, between places that hold NaN, and latent attention by a plain loop.
#pragma once
#include "check.h"
#include "latent/arguments.cuh"

namespace check {

template <class Q, class T, int Rank, int Rope, int PageSize> struct LatentBatch {
    static constexpr int width = Rank + Rope;
    int heads, sequences, tokens = 0, table = 1;
    Buffer<i32> query_start, kv_lengths, page_table;
    Buffer<Q> query, query_rope, output;
    Buffer<T> cache;

    // Queries and keys of each sequence.
    template <int N> LatentBatch(int h, const int (&list)[N][2])
        : heads(h), sequences(N), tokens(sum(list)), table(longest(list)), query_start(N + 1), kv_lengths(N), page_table(N * table),
          query(random<Q>(tokens * h * Rank, 2)), query_rope(random<Q>(tokens * h * (Rope + 8), 2)), output(tokens * h * Rank), cache(N * table * PageSize * width)
    {
        cache.set(__uint_as_float(0x7fc00000u));
        for (int b = 0; b < N; b++) {
            query_start.host[b + 1] = query_start.host[b] + list[b][0];
            kv_lengths.host[b] = list[b][1];
            for (int p = 0; p < table; p++) page_table.host[b * table + p] = N * table - 1 - (p * N + b);
            for (int key = 0; key < list[b][1]; key++)
                for (int d = 0; d < width; d++) cache.host[cached(b, key) + d] = value_of<T>(uniform());
        }
        query_start.upload();
        kv_lengths.upload();
        page_table.upload();
        cache.upload();
    }
    template <int N> static int sum(const int (&list)[N][2])
    {
        int total = 0;
        for (const auto& s : list) total += s[0];
        return total;
    }
    template <int N> static int longest(const int (&list)[N][2])
    {
        int most = 1;
        for (const auto& s : list) most = max(most, ceil_div(s[1], PageSize));
        return most;
    }
    int cached(int b, int key) const { return (page_table.host[b * table + key / PageSize] * PageSize + key % PageSize) * width; }
    float scale() const { return 1 / sqrtf(width); }

    LatentArgs arguments(bool single) const
    {
        return {{query.device, cache.device, output.device, query_start.device, kv_lengths.device, page_table.device, nullptr, nullptr, nullptr,
                    heads * Rank, Rank, PageSize * width, table, 1, sequences, heads, 1, heads, 0, 1, 64, 0, scale(), 0},
            query_rope.device, heads * (Rope + 8), Rope + 8, single};
    }
    unsigned tiles(int rows) const
    {
        int count = 0;
        for (int b = 0; b < sequences; b++) count += ceil_div((query_start.host[b + 1] - query_start.host[b]) * heads, rows);
        return static_cast<unsigned>(count);
    }
    Numbers expected() const
    {
        Numbers result(tokens * heads * Rank);
        for (int b = 0; b < sequences; b++)
            for (int token = query_start.host[b]; token < query_start.host[b + 1]; token++)
                for (int h = 0; h < heads; h++) {
                    const int count = kv_lengths.host[b] - query_start.host[b + 1] + token + 1, row = token * heads + h;
                    Numbers weights(count);
                    double top = -1e30, sum = 0;
                    for (int key = 0; key < count; key++) {
                        for (int d = 0; d < Rank; d++) weights[key] += query[row * Rank + d] * cache[cached(b, key) + d] * scale();
                        for (int d = 0; d < Rope; d++) weights[key] += query_rope[row * (Rope + 8) + d] * cache[cached(b, key) + Rank + d] * scale();
                        top = max(top, weights[key]);
                    }
                    for (int key = 0; key < count; key++) sum += weights[key] = exp(weights[key] - top);
                    for (int key = 0; key < count; key++)
                        for (int d = 0; d < Rank; d++) result[row * Rank + d] += weights[key] / sum * cache[cached(b, key) + d];
                }
        return result;
    }
};

}  // namespace check
