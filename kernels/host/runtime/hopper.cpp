// Clusters, dependent launches, mbarriers, bulk copies with and without tensor maps, and warp-group matrices.
#include "checks.h"
#include "memory.h"
#include "numbers.h"
#include <algorithm>
#include <bit>
#include <cstring>

namespace sgl_host {

namespace {

// EmulatedTensorMap of the program.
struct TensorMap {
    u64 mark;
    char* address;
    u32 sizes[5];
    u8 element, rank, swizzle, fill_nan;
    u64 strides[4];
    u16 box[5];
    u8 element_strides[5];
};
constexpr u64 kTensorMapMark = 0x70616d726f736e74ull;

Block& block() { return *current->block; }

bool checked() { return current->block->checks != nullptr; }

// The block of the cluster in whose window the address lies.
Block& owner(const void* shared, std::size_t bytes, const char* what, const void* code)
{
    for (Block& b : block().group->blocks)
        if (static_cast<u64>(static_cast<const char*>(shared) - b.window) + bytes <= b.window_bytes) return b;
    fail(std::string(what) + " of " + std::to_string(bytes) + " bytes outside shared memory: " + describe_address(shared), code);
}

MemoryBarrier& find_barrier(const void* address, const char* what, const void* code)
{
    auto& all = block().group->memory_barriers;
    const auto found = all.find(address);
    if (found == all.end()) fail(std::string(what) + " on an mbarrier that was not initialised: " + describe_address(address), code);
    if (checked()) check_access(address, 8, Access::Atomic, code);
    return found->second;
}

void complete_if_ready(MemoryBarrier& barrier)
{
    if (barrier.pending != 0 || barrier.bytes != 0) return;
    barrier.phase++;
    barrier.pending = barrier.expected;
    barrier.completed = std::move(barrier.arriving);
    barrier.arriving.clear();
    for (Fiber* f : barrier.waiting) f->block->group->wake(f);
    barrier.waiting.clear();
}

u64 swizzled(u64 offset, int swizzle)
{
    // 1: 32 bytes, 2: 64, 3: 128: the number of the row of 128 bytes is added, bit by bit, to that of the 16-byte piece.
    const u64 bits = swizzle == 0 ? 0 : (1u << swizzle) - 1;
    return offset ^ (offset >> 7 & bits) << 4;
}

template <class Visit>
void for_each_piece(const TensorMap& map, const int* coordinates, Visit visit)
{
    // Visits every element of the box in the order of shared memory: its offset there and its address, null outside the tensor.
    u64 counts[5], total = 1;
    for (int d = 0; d < map.rank; d++) {
        counts[d] = (map.box[d] + map.element_strides[d] - 1) / map.element_strides[d];
        total *= counts[d];
    }
    for (u64 i = 0; i < total; i++) {
        u64 rest = i;
        const char* address = map.address;
        bool inside = true;
        for (int d = 0; d < map.rank; d++) {
            const long long at = coordinates[d] + static_cast<long long>(rest % counts[d]) * map.element_strides[d];
            rest /= counts[d];
            if (at < 0 || at >= static_cast<long long>(map.sizes[d])) inside = false;
            else address += static_cast<u64>(at) * (d == 0 ? map.element : map.strides[d - 1]);
        }
        visit(i * map.element, inside ? address : nullptr);
    }
}

const TensorMap& read_map(const void* pointer, int rank, const void* code)
{
    const auto& map = *static_cast<const TensorMap*>(pointer);
    if (reinterpret_cast<u64>(pointer) % 64 != 0) fail("a tensor map that is not aligned to 64 bytes", code);
    if (map.mark != kTensorMapMark) fail("a copy with something that is no tensor map", code);
    if (map.rank != rank) fail("a tensor map of " + std::to_string(map.rank) + " dimensions is used with " + std::to_string(rank) + " coordinates", code);
    return map;
}

// A hardware limit that the instruction set's description leaves out: other coordinates are an illegal instruction.
void require_coordinate(const TensorMap& map, const int* coordinates, const void* code)
{
    if (coordinates[0] * map.element % 16 != 0)
        fail("a bulk copy whose innermost coordinate is " + std::to_string(coordinates[0]) + ": " + std::to_string(coordinates[0] * map.element) + " bytes are no multiple of 16", code);
}

u64 box_bytes(const TensorMap& map)
{
    u64 bytes = map.element;
    for (int d = 0; d < map.rank; d++) bytes *= (map.box[d] + map.element_strides[d] - 1) / map.element_strides[d];
    return bytes;
}

void require_aligned(const void* shared, u64 alignment, const char* what, const void* code)
{
    if (sgl_host_offset(shared, block()) % alignment != 0)
        fail(std::string(what) + " with a shared address that is not a multiple of " + std::to_string(alignment) + ": " + describe_address(shared), code);
}

void deliver(Block& target, u64 bytes, void* barrier_address, const void* code)
{
    MemoryBarrier& barrier = find_barrier(barrier_address, "a bulk copy", code);
    barrier.bytes -= static_cast<long>(bytes);
    if (checked()) order_async_end(target, barrier.arriving);
    complete_if_ready(barrier);
}

// Of the committed groups all but the newest `pending` have ended.
void acquire_groups(AsyncGroups& groups, int pending)
{
    auto& committed = groups.committed;
    if (committed.size() <= static_cast<std::size_t>(pending)) return;
    const auto ended = static_cast<std::ptrdiff_t>(committed.size()) - pending;
    if (checked()) order_async_acquire(committed[static_cast<std::size_t>(ended - 1)]);
    committed.erase(committed.begin(), committed.begin() + ended);
}

struct WgmmaOperands {
    float* c;
    const u32* registers;
    u64 a, b;
    int columns, type, transposed_a, transposed_b, accumulate;
    bool same(const WgmmaOperands& o) const { return a == o.a && b == o.b && columns == o.columns && type == o.type && accumulate == o.accumulate; }
};

// Where an element of a tile lies in the window; `major` counts rows (or columns) of the matrix, `k` the elements of the sum.
u64 tile_offset(u64 descriptor, int major, int k, bool transposed, int element)
{
    const u64 start = (descriptor & 0x3fff) << 4, leading = (descriptor >> 16 & 0x3fff) << 4, stride = (descriptor >> 32 & 0x3fff) << 4;
    const int kind = static_cast<int>(descriptor >> 62);
    const int swizzle = kind == 0 ? 0 : 4 - kind;       // 1: 32 bytes … 3: 128
    const u64 width = swizzle == 0 ? 16 : 16u << swizzle;
    const auto m = static_cast<u64>(major), kk = static_cast<u64>(k), e = static_cast<u64>(element);
    u64 offset;
    if (!transposed) {
        const u64 byte = kk * e;
        offset = swizzle == 0 ? start + m / 8 * stride + byte / 16 * leading + m % 8 * 16 + byte % 16 : start + m / 8 * stride + m % 8 * width + byte;
    } else {
        const u64 byte = m * e;
        offset = swizzle == 0 ? start + byte / 16 * stride + byte % 16 + kk % 8 * 16 + kk / 8 * leading
                              : start + byte / width * leading + byte % width + kk % 8 * width + kk / 8 * stride;
    }
    return swizzled(offset, swizzle);
}

float element_value(const char* p, int type)
{
    switch (type) {
    case 1: return bf16_value(*reinterpret_cast<const u16*>(p));
    case 2: return fp16_value(*reinterpret_cast<const u16*>(p));
    case 3: return e4m3_value(*reinterpret_cast<const u8*>(p));
    default: return e5m2_value(*reinterpret_cast<const u8*>(p));
    }
}

// A warp's part of the product of a warp group: 16 of the 64 rows.
void multiply_group(Warp& warp, Fiber* lanes, u32 mask)
{
    const auto& first = *static_cast<WgmmaOperands*>(lanes[0].operands);
    if (mask != 0xffffffffu) fail("wgmma is executed by a part of a warp", lanes[std::countr_zero(mask)].code);
    for (int l = 1; l < kWarp; l++)
        if (!static_cast<WgmmaOperands*>(lanes[l].operands)->same(first)) fail("the lanes of a warp execute wgmma with different descriptors", lanes[l].code);
    Block& b = *warp.block;
    const int row0 = static_cast<int>((&warp - b.warps) % 4) * 16;
    const int element = first.type <= 2 ? 2 : 1, depth = 32 / element;
    static thread_local std::vector<float> a, bm;
    a.assign(static_cast<std::size_t>(16 * depth), 0);
    bm.assign(static_cast<std::size_t>(first.columns * depth), 0);
    const auto load = [&](u64 descriptor, int major, int k, bool transposed) {
        const u64 offset = tile_offset(descriptor, major, k, transposed, element) - 1024;
        if (offset + static_cast<u64>(element) > b.window_bytes) fail("wgmma reads outside shared memory: its descriptor leads to byte " + std::to_string(static_cast<long>(offset)), lanes[0].code);
        if (b.checks != nullptr) check_access(b.window + offset, static_cast<std::size_t>(element), Access::AsyncRead, lanes[0].code);
        return element_value(b.window + offset, first.type);
    };
    if (b.checks != nullptr) order_async_begin();
    Fiber* caller = current;
    current = &lanes[0];
    if (first.registers != nullptr) {
        for (int l = 0; l < kWarp; l++) {
            const u32* r = static_cast<WgmmaOperands*>(lanes[l].operands)->registers;
            for (int i = 0; i < 4; i++) {
                const int row = l / 4 + i % 2 * 8, k = l % 4 * 2 + i / 2 * 8;
                for (int h = 0; h < 2; h++) {
                    const u16 bits = static_cast<u16>(r[i] >> (16 * h));
                    a[static_cast<std::size_t>(row * depth + k + h)] = first.type == 1 ? bf16_value(bits) : fp16_value(bits);
                }
            }
        }
    } else {
        for (int m = 0; m < 16; m++)
            for (int k = 0; k < depth; k++) a[static_cast<std::size_t>(m * depth + k)] = load(first.a, row0 + m, k, first.transposed_a != 0);
    }
    for (int n = 0; n < first.columns; n++)
        for (int k = 0; k < depth; k++) bm[static_cast<std::size_t>(k * first.columns + n)] = load(first.b, n, k, first.transposed_b != 0);
    current = caller;
    float sums[256];
    for (int m = 0; m < 16; m++) {
        std::fill_n(sums, first.columns, 0.0f);
        for (int k = 0; k < depth; k++) {
            const float x = a[static_cast<std::size_t>(m * depth + k)];
            const float* row = &bm[static_cast<std::size_t>(k * first.columns)];
            for (int n = 0; n < first.columns; n++) sums[n] += x * row[n];
        }
        for (int n = 0; n < first.columns; n++) {
            const int lane = m % 8 * 4 + n % 8 / 2;
            float& c = static_cast<WgmmaOperands*>(lanes[lane].operands)->c[n / 8 * 4 + m / 8 * 2 + n % 2];
            c = first.accumulate ? c + sums[n] : sums[n];
        }
    }
}

}  // namespace

std::string describe_memory_barrier(const Fiber* fiber)
{
    const auto found = fiber->block->group->memory_barriers.find(fiber->memory_barrier);
    if (found == fiber->block->group->memory_barriers.end()) return "for an mbarrier";
    const MemoryBarrier& b = found->second;
    Fiber* before = current;
    current = const_cast<Fiber*>(fiber);
    std::string text = "for parity " + std::to_string(b.phase & 1) + " of the mbarrier at " + describe_address(fiber->memory_barrier) + ", whose phase " + std::to_string(b.phase) + " lacks " +
                       std::to_string(b.pending) + " of " + std::to_string(b.expected) + " arrivals";
    current = before;
    if (b.bytes > 0) text += " and " + std::to_string(b.bytes) + " announced bytes";
    if (b.bytes < 0) text += "; " + std::to_string(-b.bytes) + " bytes more than announced have come";
    return text;
}

}  // namespace sgl_host

using namespace sgl_host;

extern "C" {

void sgl_cluster_arrive()
{
    Group& g = *block().group;
    if (!g.launch->clustered) return;
    block().at_cluster_barrier++;
    int arrived = 0, threads = 0;
    for (const Block& b : g.blocks) {
        arrived += b.at_cluster_barrier;
        threads += b.threads;
        if (b.live < b.threads) fail("the cluster's barrier is not reached by all threads: some of block " + std::to_string(b.rank) + " have ended", SGL_CODE);
    }
    if (arrived < threads) return;
    if (block().checks != nullptr) order_cluster(g);
    for (Block& b : g.blocks) {
        b.at_cluster_barrier = 0;
        b.cluster_phase++;
        for (int i = 0; i < b.threads; i++)
            if (b.fibers[i].waits == Waits::ClusterBarrier) g.wake(&b.fibers[i]);
    }
}

void sgl_cluster_wait()
{
    Fiber* f = current;
    if (!block().group->launch->clustered) return;
    // Every thread passes one wait per phase.
    if (f->cluster_phase == block().cluster_phase) wait(Waits::ClusterBarrier, SGL_CODE);
    f->cluster_phase++;
}

void* sgl_cluster_shared(const void* shared, unsigned rank)
{
    Block& own = block();
    const void* code = SGL_CODE;
    auto& blocks = own.group->blocks;
    if (!own.group->launch->clustered && rank == 0) return const_cast<void*>(shared);
    if (!own.group->launch->clustered || rank >= blocks.size()) fail("there is no block " + std::to_string(rank) + " in the cluster", code);
    return blocks[rank].window + (static_cast<const char*>(shared) - own.window);
}

void sgl_grid_wait() { current->waited_for_grid = true; }

void sgl_barrier_init(void* address, unsigned arrivals)
{
    const void* code = SGL_CODE;
    if (arrivals == 0 || arrivals >= 1u << 20) fail("an mbarrier for " + std::to_string(arrivals) + " arrivals", code);
    if (reinterpret_cast<u64>(address) % 8 != 0) fail("an mbarrier that is not aligned to 8 bytes: " + describe_address(address), code);
    owner(address, 8, "an mbarrier", code);
    if (checked()) check_access(address, 8, Access::Write, code);
    MemoryBarrier& barrier = block().group->memory_barriers[address];
    if (!barrier.waiting.empty()) fail("an mbarrier is initialised while threads wait for it: " + describe_address(address), code);
    barrier = MemoryBarrier{};
    barrier.expected = arrivals;
    barrier.pending = arrivals;
}

void sgl_barrier_arrive(void* address, unsigned bytes)
{
    const void* code = SGL_CODE;
    MemoryBarrier& barrier = find_barrier(address, "an arrival", code);
    if (barrier.pending == 0) fail("more arrivals than the " + std::to_string(barrier.expected) + " for which the mbarrier at " + describe_address(address) + " was initialised", code);
    barrier.pending--;
    barrier.bytes += bytes;
    if (checked()) order_arrive(barrier);
    complete_if_ready(barrier);
}

int sgl_barrier_test(void* address, unsigned parity, int waits)
{
    const void* code = SGL_CODE;
    MemoryBarrier& barrier = find_barrier(address, "a wait", code);
    if (parity > 1) fail("a wait for parity " + std::to_string(parity) + " of the mbarrier at " + describe_address(address), code);
    while ((barrier.phase & 1) == parity) {
        if (!waits) {
            // Loops around the test are how waiting is written: the thread waits, and reports success when it is over.
            waits = 1;
        }
        current->memory_barrier = address;
        barrier.waiting.push_back(current);
        wait(Waits::MemoryBarrier, code);
    }
    if (checked()) order_acquire(barrier.completed);
    return 1;
}

void sgl_fence_async_proxy()
{
    if (checked()) order_proxy_fence();
}

void sgl_tma_load(void* shared, const void* map_address, void* barrier, int rank, const int* coordinates)
{
    const void* code = SGL_CODE;
    const TensorMap& map = read_map(map_address, rank, code);
    const u64 bytes = box_bytes(map);
    Block& target = owner(shared, bytes, "a bulk copy", code);
    require_aligned(shared, 128, "a bulk copy with a tensor map", code);
    require_coordinate(map, coordinates, code);
    if (checked()) order_async_begin();
    const u64 start = sgl_host_offset(shared, target);
    for_each_piece(map, coordinates, [&](u64 offset, const char* source) {
        char* to = target.window + swizzled(start + offset, map.swizzle) - 1024;
        if (source != nullptr) {
            if (checked()) check_access(source, map.element, Access::Read, code);
            std::memcpy(to, source, map.element);
        } else {
            std::memset(to, 0, map.element);
            if (map.fill_nan) {
                if (map.element == 2) *reinterpret_cast<u16*>(to) = 0x7fff;
                else if (map.element == 4) *reinterpret_cast<u32*>(to) = 0x7fffffff;
            }
        }
        if (checked()) check_access(to, map.element, Access::AsyncWrite, code);
    });
    deliver(target, bytes, barrier, code);
}

void sgl_tma_store(const void* map_address, const void* shared, int rank, const int* coordinates)
{
    const void* code = SGL_CODE;
    const TensorMap& map = read_map(map_address, rank, code);
    Block& source = owner(shared, box_bytes(map), "a bulk copy", code);
    require_aligned(shared, 128, "a bulk copy with a tensor map", code);
    require_coordinate(map, coordinates, code);
    if (checked()) order_async_begin();
    const u64 start = sgl_host_offset(shared, source);
    for_each_piece(map, coordinates, [&](u64 offset, const char* to) {
        if (to == nullptr) return;
        const char* from = source.window + swizzled(start + offset, map.swizzle) - 1024;
        if (checked()) {
            check_access(from, map.element, Access::AsyncRead, code);
            check_access(to, map.element, Access::Write, code);
        }
        std::memcpy(const_cast<char*>(to), from, map.element);
    });
    if (checked()) current->bulk.newest = order_async_now();
}

void sgl_bulk_load(void* shared, const void* source, unsigned bytes, void* barrier)
{
    const void* code = SGL_CODE;
    if (bytes % 16 != 0 || reinterpret_cast<u64>(source) % 16 != 0) fail("a bulk copy of " + std::to_string(bytes) + " bytes from " + describe_address(source) + ": both must be multiples of 16", code);
    Block& target = owner(shared, bytes, "a bulk copy", code);
    require_aligned(shared, 16, "a bulk copy", code);
    if (checked()) {
        order_async_begin();
        check_access(source, bytes, Access::Read, code);
        check_access(shared, bytes, Access::AsyncWrite, code);
    }
    std::memcpy(shared, source, bytes);
    deliver(target, bytes, barrier, code);
}

void sgl_bulk_store(void* destination, const void* shared, unsigned bytes)
{
    const void* code = SGL_CODE;
    if (bytes % 16 != 0 || reinterpret_cast<u64>(destination) % 16 != 0) fail("a bulk copy of " + std::to_string(bytes) + " bytes to " + describe_address(destination) + ": both must be multiples of 16", code);
    owner(shared, bytes, "a bulk copy", code);
    require_aligned(shared, 16, "a bulk copy", code);
    if (checked()) {
        order_async_begin();
        check_access(shared, bytes, Access::AsyncRead, code);
        check_access(destination, bytes, Access::Write, code);
        current->bulk.newest = order_async_now();
    }
    std::memcpy(destination, shared, bytes);
}

void sgl_bulk_commit()
{
    current->bulk.committed.push_back(current->bulk.newest);
}

void sgl_bulk_wait(int pending) { acquire_groups(current->bulk, pending); }

void sgl_wgmma(float* c, const unsigned* registers, unsigned long long a, unsigned long long b, int columns, int type, int transposed_a, int transposed_b, int accumulate)
{
    WgmmaOperands operands{c, registers, a, b, columns, type, transposed_a, transposed_b, accumulate};
    warp_collective(WarpOp::Wgmma, 0xffffffffu, &operands, multiply_group, SGL_CODE);
    current->wgmma.open = true;
    if (checked()) current->wgmma.newest = order_async_now();
}

void sgl_wgmma_commit()
{
    current->wgmma.open = false;
    current->wgmma.committed.push_back(current->wgmma.newest);
}

void sgl_wgmma_wait(int pending)
{
    if (current->wgmma.open) fail("wgmma products are waited for that were not committed", SGL_CODE);
    acquire_groups(current->wgmma, pending);
}

}
