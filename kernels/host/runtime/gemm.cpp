// Matrix products in float32: operands are unpacked to panels of floats, whatever their type and strides, and multiplied in tiles.
#include "device.h"
#include "numbers.h"
#include <algorithm>
#include <cstring>

namespace sgl_host {

enum class Type : int { Float32, BFloat16, Float16, E4M3, E5M2 };

struct GemmRequest {
    int m, n, k, batch;
    int type_a, type_b, type_c;
    int transpose_a, transpose_b, tf32;
    long long leading_a, leading_b, leading_c;
    long long batch_a, batch_b, batch_c;
    const void *a, *b;
    void* c;
    const void* bias;
    float alpha, beta;
    const float *scale_a, *scale_b;
};

namespace {

constexpr int kRows = 6, kColumns = 16;     // of a tile, held in registers
constexpr int kDepth = 512, kPanelColumns = 256;

int size_of(int type) { return type == static_cast<int>(Type::Float32) ? 4 : type <= static_cast<int>(Type::Float16) ? 2 : 1; }

// `count` elements `stride` apart, as floats.
void unpack(const void* base, long long first, long long stride, int count, int type, bool round, float* to, int to_stride)
{
    const auto copy = [&](auto value) {
        for (int i = 0; i < count; i++) to[static_cast<long long>(i) * to_stride] = value(first + i * stride);
    };
    switch (static_cast<Type>(type)) {
    case Type::Float32:
        copy([&](long long i) { const float x = static_cast<const float*>(base)[i]; return round ? tf32(x) : x; });
        break;
    case Type::BFloat16: copy([&](long long i) { return bf16_value(static_cast<const u16*>(base)[i]); }); break;
    case Type::Float16: copy([&](long long i) { return fp16_value(static_cast<const u16*>(base)[i]); }); break;
    case Type::E4M3: copy([&](long long i) { return e4m3_value(static_cast<const u8*>(base)[i]); }); break;
    case Type::E5M2: copy([&](long long i) { return e5m2_value(static_cast<const u8*>(base)[i]); }); break;
    }
}

void pack(void* base, long long i, int type, float x)
{
    switch (static_cast<Type>(type)) {
    case Type::Float32: static_cast<float*>(base)[i] = x; break;
    case Type::BFloat16: static_cast<u16*>(base)[i] = bf16_bits(x); break;
    default: static_cast<u16*>(base)[i] = fp16_bits(x); break;
    }
}

// sums [6][16] += a [depth][6] · b [depth][16].
void multiply_tile(int depth, const float* __restrict a, const float* __restrict b, float* __restrict sums)
{
    typedef float Vector __attribute__((vector_size(32)));
    Vector s[kRows][2];
    std::memcpy(s, sums, sizeof s);
    for (int k = 0; k < depth; k++) {
        Vector b0, b1;
        std::memcpy(&b0, b + k * kColumns, 32);
        std::memcpy(&b1, b + k * kColumns + 8, 32);
        for (int r = 0; r < kRows; r++) {
            s[r][0] += a[k * kRows + r] * b0;
            s[r][1] += a[k * kRows + r] * b1;
        }
    }
    std::memcpy(sums, s, sizeof s);
}

// Columns [first, first + count) of product `batch`. A sum runs through k in one order, whatever M, N and the number of threads.
void multiply_columns(const GemmRequest& g, int batch, int first, int count)
{
    static thread_local std::vector<float> panel_a, panel_b, sums;
    const int row_tiles = (g.m + kRows - 1) / kRows, column_tiles = (count + kColumns - 1) / kColumns;
    panel_a.resize(static_cast<std::size_t>(row_tiles) * kRows * kDepth);
    panel_b.resize(static_cast<std::size_t>(column_tiles) * kColumns * kDepth);
    sums.assign(static_cast<std::size_t>(row_tiles) * column_tiles * kRows * kColumns, 0.0f);
    const bool round = g.tf32 != 0;
    const long long a0 = batch * g.batch_a, b0 = batch * g.batch_b, c0 = batch * g.batch_c;
    for (int k0 = 0; k0 < g.k; k0 += kDepth) {
        const int depth = std::min(kDepth, g.k - k0);
        for (int i = 0; i < row_tiles * kRows; i++) {
            float* to = &panel_a[static_cast<std::size_t>(i / kRows) * kRows * kDepth + static_cast<std::size_t>(i % kRows)];
            if (i < g.m) unpack(g.a, a0 + (g.transpose_a ? k0 * g.leading_a + i : i * g.leading_a + k0), g.transpose_a ? g.leading_a : 1, depth, g.type_a, round, to, kRows);
            else for (int k = 0; k < depth; k++) to[k * kRows] = 0;
        }
        for (int j = 0; j < column_tiles * kColumns; j++) {
            float* to = &panel_b[static_cast<std::size_t>(j / kColumns) * kColumns * kDepth + static_cast<std::size_t>(j % kColumns)];
            if (j < count) unpack(g.b, b0 + (g.transpose_b ? (first + j) * g.leading_b + k0 : k0 * g.leading_b + first + j), g.transpose_b ? 1 : g.leading_b, depth, g.type_b, round, to, kColumns);
            else for (int k = 0; k < depth; k++) to[k * kColumns] = 0;
        }
        for (int j = 0; j < column_tiles; j++)
            for (int i = 0; i < row_tiles; i++)
                multiply_tile(depth, &panel_a[static_cast<std::size_t>(i) * kRows * kDepth], &panel_b[static_cast<std::size_t>(j) * kColumns * kDepth],
                              &sums[(static_cast<std::size_t>(j) * row_tiles + i) * kRows * kColumns]);
    }
    const float factor = g.alpha * (g.scale_a ? *g.scale_a : 1.0f) * (g.scale_b ? *g.scale_b : 1.0f);
    for (int i = 0; i < g.m; i++)
        for (int j = 0; j < count; j++) {
            const float sum = sums[(static_cast<std::size_t>(j / kColumns) * row_tiles + i / kRows) * kRows * kColumns + static_cast<std::size_t>(i % kRows) * kColumns + j % kColumns];
            const long long at = c0 + i * g.leading_c + first + j;
            float value = factor * sum, old = 0;
            if (g.beta != 0) {
                unpack(g.c, at, 1, 1, g.type_c, false, &old, 1);
                value += g.beta * old;
            }
            if (g.bias != nullptr) {
                unpack(g.bias, first + j, 1, 1, g.type_c, false, &old, 1);
                value += old;
            }
            pack(g.c, at, g.type_c, value);
        }
}

// Elements of an operand stored as rows, from the first to the last it touches.
u64 extent(long long rows, long long columns, long long leading, int batch, long long stride, int type)
{
    return static_cast<u64>((rows - 1) * leading + columns + static_cast<long long>(batch - 1) * stride) * static_cast<u64>(size_of(type));
}

void require_initialized(const char* what, const void* base, long long rows, long long columns, long long leading, int batch, long long stride, int type)
{
    if (!has_states(base)) return;
    const long long bytes = size_of(type);
    for (int p = 0; p < batch; p++)
        for (long long r = 0; r < rows; r++) {
            const char* row = static_cast<const char*>(base) + (p * stride + r * leading) * bytes;
            for (long long i = 0; i < columns * bytes; i++)
                if ((state_of(row)[i] & (kAddressable | kWritten)) == kAddressable)
                    throw Failure(2, std::string("GEMM reads uninitialised memory of ") + what + ": " + describe_device_address(row + i));
        }
}

}  // namespace

void require_operands(Device& device, const GemmRequest& g)
{
    require_range(device, g.a, extent(g.transpose_a ? g.k : g.m, g.transpose_a ? g.m : g.k, g.leading_a, g.batch, g.batch_a, g.type_a), "GEMM operand A");
    require_range(device, g.b, extent(g.transpose_b ? g.n : g.k, g.transpose_b ? g.k : g.n, g.leading_b, g.batch, g.batch_b, g.type_b), "GEMM operand B");
    require_range(device, g.c, extent(g.m, g.n, g.leading_c, g.batch, g.batch_c, g.type_c), "GEMM operand C");
    if (g.bias != nullptr) require_range(device, g.bias, static_cast<u64>(g.n) * static_cast<u64>(size_of(g.type_c)), "GEMM bias");
    if (g.scale_a != nullptr) require_range(device, g.scale_a, 4, "GEMM scale of A");
    if (g.scale_b != nullptr) require_range(device, g.scale_b, 4, "GEMM scale of B");
}

void multiply(Stream& stream, const GemmRequest& g)
{
    Device& device = stream.device;
    if (device.checked) {
        require_initialized("A", g.a, g.transpose_a ? g.k : g.m, g.transpose_a ? g.m : g.k, g.leading_a, g.batch, g.batch_a, g.type_a);
        require_initialized("B", g.b, g.transpose_b ? g.n : g.k, g.transpose_b ? g.k : g.n, g.leading_b, g.batch, g.batch_b, g.type_b);
        if (g.beta != 0) require_initialized("C", g.c, g.m, g.n, g.leading_c, g.batch, g.batch_c, g.type_c);
        if (g.bias != nullptr) require_initialized("the bias", g.bias, 1, g.n, g.n, 1, 0, g.type_c);
    }
    // Narrow pieces where there are few columns, so that all threads have some; a sum does not depend on the piece it is in.
    const int width = g.n >= 4 * kPanelColumns ? kPanelColumns : std::max(kColumns, (g.n / 4 + kColumns - 1) / kColumns * kColumns);
    const u64 pieces_per_product = static_cast<u64>((g.n + width - 1) / width), pieces = pieces_per_product * static_cast<u64>(g.batch);
    std::atomic<u64> next{0};
    in_parallel(static_cast<long long>(g.m) * g.n * g.k * g.batch < 1 << 18 ? 1 : pieces, [&] {
        for (u64 i; (i = next.fetch_add(1)) < pieces;) {
            const int first = static_cast<int>(i % pieces_per_product) * width;
            multiply_columns(g, static_cast<int>(i / pieces_per_product), first, std::min(width, g.n - first));
        }
    });
    const u32 tag = device.grids.fetch_add(1) % kTagMask + 1;
    if (device.checked)
        for (int p = 0; p < g.batch; p++)
            for (int i = 0; i < g.m; i++)
                mark_written(static_cast<char*>(g.c) + (p * g.batch_c + i * g.leading_c) * size_of(g.type_c), static_cast<u64>(g.n) * static_cast<u64>(size_of(g.type_c)), tag);
    stream.last_grid_tag = tag;
}

}  // namespace sgl_host

using namespace sgl_host;

int guarded_call(const std::function<void()>&);

extern "C" __attribute__((visibility("default"))) int sgl_gemm(Stream* stream, const GemmRequest* request)
{
    const GemmRequest g = *request;
    return guarded_call([&] {
        stream->device.throw_error();
        require_operands(stream->device, g);
        stream->submit(WorkKind::Gemm, nullptr, [stream, g] {
            require_operands(stream->device, g);
            multiply(*stream, g);
        });
    });
}
