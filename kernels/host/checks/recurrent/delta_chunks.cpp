#include "recurrent/delta_chunks.cu"
#include "recurrent/delta.h"

using namespace check;

KERNEL(sgl::delta_chunks<float, bf16, 128, 128>)
KERNEL(sgl::delta_chunks<float, fp16, 128, 128>)

// Each part of the records of all chunks, by the formulas of delta_chunks.cu with the triangular system solved row by row.
template <class T> static void check_chunks(const char* name, const int (&lengths)[3])
{
    constexpr int dim = 128, heads = 2;
    using Record = ChunkRecord<dim, dim>;
    DeltaBatch<dim> batch(lengths, 1, heads, dim);
    int chunks = 0, most = 0;
    for (const int length : lengths) chunks += ceil_div(length, kChunk), most = max(most, ceil_div(length, kChunk));
    Buffer<T> records(chunks * heads * Record::size);
    launch<&delta_chunks<float, T, dim, dim>>({heads, static_cast<unsigned>(chunks)}, 128, batch.arguments(records.device, most),
        kChunk * (2 * (dim + 8) + dim + 8 + 2 * (kChunk + 8)) * 2 + kChunk * (kChunk + 1) * 4);
    records.download();
    const int starts[] = {Record::change, Record::query, Record::key, Record::score, Record::value, Record::decay}, parts = 5;
    const char* const names[] = {"  change", "  query", "  key", "  score", "  value"};
    Buffer<float> all[] = {Buffer<float>(chunks * heads * kChunk * dim), Buffer<float>(chunks * heads * kChunk * dim), Buffer<float>(chunks * heads * kChunk * dim),
        Buffer<float>(chunks * heads * kChunk * kChunk), Buffer<float>(chunks * heads * kChunk * dim)};
    Numbers expected[] = {Numbers(all[0].count), Numbers(all[1].count), Numbers(all[2].count), Numbers(all[3].count), Numbers(all[4].count)};
    Buffer<float> decays(chunks * heads);
    Numbers expected_decays(decays.count);
    for (int index = 0, b = 0, chunk = 0; index < chunks; index++) {
        for (int h = 0; h < heads; h++) {
            const int record = index * heads + h, first = batch.query_start.host[b] + chunk * kChunk, count = min(kChunk, batch.query_start.host[b + 1] - first);
            for (int part = 0; part < parts; part++)
                for (int i = 0; i < starts[part + 1] - starts[part]; i++)
                    all[part].host[record * (starts[part + 1] - starts[part]) + i] = to_float(records.host[record * Record::size + starts[part] + i]);
            __builtin_memcpy(&decays.host[record], &records.host[record * Record::size + Record::decay], sizeof(float));
            const auto at = [&](int part, int i) -> double& { return expected[part][record * (starts[part + 1] - starts[part]) + i]; };
            Numbers g(kChunk), k(kChunk * dim), q(kChunk * dim);
            for (int t = 0; t < kChunk; t++) g[t] = (t > 0 ? g[t - 1] : 0) + (t < count ? batch.log_decay[(first + t) * heads + h] : 0);
            for (int i = 0; i < count * dim; i++) k[i] = batch.key(first + i / dim, h, i % dim), q[i] = batch.query(first + i / dim, h, i % dim);
            for (int t = 0; t < count; t++) {
                const double beta = batch.beta[(first + t) * heads + h];
                for (int d = 0; d < dim; d++) {
                    at(0, t * dim + d) = beta * exp(g[t]) * k[t * dim + d];
                    at(1, t * dim + d) = q[t * dim + d] * exp(g[t]);
                    at(2, d * kChunk + t) = k[t * dim + d] * exp(g[kChunk - 1] - g[t]);
                    at(4, t * dim + d) = beta * batch.value(first + t, h, d);
                }
                for (int s = 0; s <= t; s++) {
                    double match = 0, seen = 0;
                    for (int d = 0; d < dim; d++) match += k[t * dim + d] * k[s * dim + d], seen += q[t * dim + d] * k[s * dim + d];
                    at(3, t * kChunk + s) = seen * exp(g[t] - g[s]);
                    for (int d = 0; s < t && d < dim; d++) {
                        at(0, t * dim + d) -= beta * match * exp(g[t] - g[s]) * at(0, s * dim + d);
                        at(4, t * dim + d) -= beta * match * exp(g[t] - g[s]) * at(4, s * dim + d);
                    }
                }
            }
            expected_decays[record] = exp(g[kChunk - 1]);
        }
        if (++chunk == ceil_div(lengths[b], kChunk)) chunk = 0, b++;
    }
    printf("  %s\n", name);
    for (int part = 0; part < parts; part++) compare(names[part], all[part].upload(), expected[part], delta_rounding<T>);
    compare("  decay", decays.upload(), expected_decays);
}

CHECK
{
    check_chunks<bf16>("130 1 64 tokens in bfloat16", {130, 1, 64});
    check_chunks<fp16>("64 40 5 tokens in float16", {64, 40, 5});
}
