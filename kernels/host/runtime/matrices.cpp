// cp.async, ldmatrix and mma.sync.
#include "checks.h"
#include "numbers.h"
#include <bit>
#include <cstring>

namespace sgl_host {

namespace {

Block& block() { return *current->block; }

struct LoadOperands { u32* registers; const void* row; int transposed; };
struct MmaOperands { float* c; const u32* a; u32 b0, b1; int bf16; };

void load_matrix(Warp& warp, Fiber* lanes, u32 mask)
{
    if (mask != 0xffffffffu) fail("ldmatrix is executed by a part of a warp", lanes[std::countr_zero(mask)].code);
    u16 rows[32][8];
    Fiber* caller = current;
    for (int l = 0; l < kWarp; l++) {
        const auto& o = *static_cast<LoadOperands*>(lanes[l].operands);
        current = &lanes[l];        // the accesses are each lane's own
        if (reinterpret_cast<u64>(o.row) % 16 != 0) fail("ldmatrix reads a row that is not aligned to 16 bytes: " + describe_address(o.row), lanes[l].code);
        if (static_cast<u64>(static_cast<const char*>(o.row) - warp.block->window) + 16 > warp.block->window_bytes)
            fail("ldmatrix reads outside shared memory: " + describe_address(o.row), lanes[l].code);
        if (warp.block->checks != nullptr) check_access(o.row, 16, Access::Read, lanes[l].code);
        std::memcpy(rows[l], o.row, 16);
    }
    current = caller;
    for (int l = 0; l < kWarp; l++) {
        const auto& o = *static_cast<LoadOperands*>(lanes[l].operands);
        for (int m = 0; m < 4; m++) {
            const int major = l / 4, minor = l % 4 * 2;
            o.registers[m] = o.transposed ? rows[8 * m + minor][major] | static_cast<u32>(rows[8 * m + minor + 1][major]) << 16
                                          : rows[8 * m + major][minor] | static_cast<u32>(rows[8 * m + major][minor + 1]) << 16;
        }
    }
}

void multiply(Warp&, Fiber* lanes, u32 mask)
{
    if (mask != 0xffffffffu) fail("mma.sync is executed by a part of a warp", lanes[std::countr_zero(mask)].code);
    alignas(32) float a[16][16], b[16][8], c[16][8];
    const bool bf16 = static_cast<MmaOperands*>(lanes[0].operands)->bf16 != 0;
    const auto low = [bf16](u32 pair) { return bf16 ? bf16_value(static_cast<u16>(pair)) : fp16_value(static_cast<u16>(pair)); };
    for (int l = 0; l < kWarp; l++) {
        const auto& o = *static_cast<MmaOperands*>(lanes[l].operands);
        const int g = l / 4, t = l % 4 * 2;
        for (int i = 0; i < 4; i++) {
            const int row = g + i % 2 * 8, column = t + i / 2 * 8;
            a[row][column] = low(o.a[i]);
            a[row][column + 1] = low(o.a[i] >> 16);
        }
        b[t][g] = low(o.b0);
        b[t + 1][g] = low(o.b0 >> 16);
        b[t + 8][g] = low(o.b1);
        b[t + 9][g] = low(o.b1 >> 16);
        for (int i = 0; i < 4; i++) c[g + i / 2 * 8][t + i % 2] = o.c[i];
    }
    for (int m = 0; m < 16; m++)
        for (int k = 0; k < 16; k++)
            for (int n = 0; n < 8; n++) c[m][n] += a[m][k] * b[k][n];
    for (int l = 0; l < kWarp; l++) {
        const auto& o = *static_cast<MmaOperands*>(lanes[l].operands);
        for (int i = 0; i < 4; i++) o.c[i] = c[l / 4 + i / 2 * 8][l % 4 * 2 + i % 2];
    }
}

}  // namespace

void complete_copies(Fiber* fiber, u32 pending, const void* code)
{
    auto& copies = fiber->copies;
    std::size_t done = 0;
    for (; done < copies.size() && copies[done].group + pending < fiber->async_groups; done++) {
        const AsyncCopy& copy = copies[done];
        if (copy.from != nullptr) std::memcpy(copy.to, copy.from, copy.bytes);
        else std::memset(copy.to, 0, copy.bytes);
        if (fiber->block->checks != nullptr) {
            clear_pending(*fiber->block, copy.to, copy.bytes);
            check_access(copy.to, copy.bytes, Access::Write, code);
        }
    }
    copies.erase(copies.begin(), copies.begin() + static_cast<std::ptrdiff_t>(done));
}

}  // namespace sgl_host

using namespace sgl_host;

extern "C" {

void sgl_copy_async_16(void* shared, const void* source, int valid)
{
    const void* code = SGL_CODE;
    Block& b = block();
    if (static_cast<u64>(static_cast<char*>(shared) - b.window) + 16 > b.window_bytes) fail("cp.async writes outside shared memory: " + describe_address(shared), code);
    if (reinterpret_cast<u64>(shared) % 16 != 0) fail("cp.async to an address that is not aligned to 16 bytes: " + describe_address(shared), code);
    if (valid && reinterpret_cast<u64>(source) % 16 != 0) fail("cp.async from an address that is not aligned to 16 bytes: " + describe_address(source), code);
    if (b.checks == nullptr) {
        if (valid) std::memcpy(shared, source, 16);
        else std::memset(shared, 0, 16);
        return;
    }
    if (valid) check_access(source, 16, Access::Read, code);
    check_access(shared, 16, Access::Write, code);
    mark_pending(shared, 16);
    current->copies.push_back({shared, valid ? source : nullptr, 16, current->async_groups});
}

void sgl_copy_async_commit() { current->async_groups++; }

void sgl_copy_async_wait(int pending)
{
    if (!current->copies.empty()) complete_copies(current, static_cast<u32>(pending), SGL_CODE);
}

void sgl_load_matrix(unsigned* registers, const void* shared, int transposed)
{
    LoadOperands operands{registers, shared, transposed};
    warp_collective(WarpOp::LoadMatrix, 0xffffffffu, &operands, load_matrix, SGL_CODE);
}

void sgl_mma_16x8x16(float* c, const unsigned* a, unsigned b0, unsigned b1, int bf16)
{
    MmaOperands operands{c, a, b0, b1, bf16};
    warp_collective(WarpOp::Mma, 0xffffffffu, &operands, multiply, SGL_CODE);
}

}
