#include "attention/combine.cu"
#include "check.h"

using namespace check;

KERNEL(sgl::combine_splits<bf16, 128>)
KERNEL(sgl::combine_splits<float, 80>)

// Parts of 64 keys; what lies behind a sequence's last part is never written and must not be read, nor is a sequence of one part touched.
template <class T, int Dim> static void check_combine(const char* name, int heads, int window, bool with_sinks)
{
    const int length = 64, lengths[] = {200, 64, 1, 130}, starts[] = {0, 1, 2, 4, 5};        // the third sequence has two tokens: not the kernel's
    const int sequences = 4, splits = 4, tokens = 5;
    auto kv_lengths = buffer_of(lengths), query_start = buffer_of(starts);
    auto sinks = random<float>(heads, 2);
    auto output = random<T>(tokens * heads * Dim);
    Buffer<float> partial(sequences * heads * splits * Dim), lse(sequences * heads * splits);
    Numbers expected(output.count);
    for (int i = 0; i < output.count; i++) expected[i] = output[i];
    for (int row = 0; row < sequences * heads; row++) {
        const int b = row / heads, first = window > 0 ? max(0, lengths[b] - window) / length * length : 0, parts = ceil_div(lengths[b] - first, length);
        double sum = 0;
        Numbers value(Dim);
        for (int s = 0; s < parts; s++) {
            lse.host[row * splits + s] = 3 * uniform();
            require(sgl_copy_to_device(device, lse.device + row * splits + s, lse.host + row * splits + s, sizeof(float)));
            for (int d = 0; d < Dim; d++) partial.host[(row * splits + s) * Dim + d] = uniform();
            require(sgl_copy_to_device(device, partial.device + (row * splits + s) * Dim, partial.host + (row * splits + s) * Dim, Dim * sizeof(float)));
            const double weight = pow(2.0, lse[row * splits + s]);
            sum += weight;
            for (int d = 0; d < Dim; d++) value[d] += weight * partial[(row * splits + s) * Dim + d];
        }
        if (with_sinks) sum += exp(sinks[row % heads]);
        for (int d = 0; b != 2 && parts > 1 && d < Dim; d++) expected[(starts[b] * heads + row % heads) * Dim + d] = value[d] / sum;
    }
    AttentionArgs a{};
    a.output = output.device;
    a.query_start = query_start.device;
    a.kv_lengths = kv_lengths.device;
    a.sinks = with_sinks ? sinks.device : nullptr;
    a.partial = partial.device;
    a.partial_lse = lse.device;
    a.sequences = sequences;
    a.query_heads = heads;
    a.window = window;
    a.splits = splits;
    a.shortest_part = length;
    launch<&combine_splits<T, Dim>>({static_cast<unsigned>(ceil_div(sequences * heads, 4))}, 128, a);
    compare(name, output, expected);
}

CHECK
{
    check_combine<bf16, 128>("heads 3x128 to bfloat16", 3, 0, false);
    check_combine<float, 80>("heads 5x80, window 70, sinks", 5, 70, true);
}
