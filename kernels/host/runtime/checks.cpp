// What the compiler's instrumentation of loads and stores calls, and what the emulated instructions report themselves.
#include "checks.h"
#include "device.h"
#include "memory.h"
#include <cstring>
#include <unordered_map>

namespace sgl_host {

// Order between threads is kept in vector clocks. Every thread counts its own steps; what it knows of another's is the larger of
// the block's base (all that barriers of the whole block have spread) and its own list.
struct ThreadChecks {
    std::vector<u32> known;         // empty: nothing beyond the base
    std::vector<u32> fenced;        // what was known at the last proxy fence; empty: no fence yet
    std::vector<u32> pending;       // read from atomics since the last fence
    bool releases = false;          // a fence was executed: the next atomic publishes what is known
};

// A word of four bytes remembers its last accesses.
struct Slot {
    u32 clock = 0;
    u16 thread = 0;                 // in the group; kAsync for the asynchronous proxy
    u8 bytes = 0;                   // which of the four
    u8 access = 0;
};
struct Cell {
    Slot slots[4];
};
constexpr u16 kAsync = 0xffff;

// Cells of global memory by word. Words of 256 bytes lie side by side; clearing is counting on.
class CellTable {
public:
    void clear()
    {
        stamp_++;
        count_ = 0;
    }
    Cell& operator[](u64 word)
    {
        if (count_ * 2 >= entries_.size()) grow();
        const std::size_t mask = entries_.size() - 1;
        for (std::size_t i = place(word) & mask;; i = (i + 1) & mask) {
            Entry& e = entries_[i];
            if (e.stamp != stamp_) {
                count_++;
                e = {word, stamp_, Cell{}};
            }
            if (e.word == word) return e.cell;
        }
    }

private:
    struct Entry {
        u64 word = 0, stamp = 0;
        Cell cell;
    };
    static std::size_t place(u64 word) { return (word >> 8) * 0x9e3779b97f4a7c15ull >> 20 << 6 | (word >> 2 & 63); }
    void grow()
    {
        std::vector<Entry> old = std::move(entries_);
        entries_.assign(std::max<std::size_t>(1024, old.size() * 2), Entry{});
        count_ = 0;
        for (const Entry& e : old)
            if (e.stamp == stamp_) (*this)[e.word] = e.cell;
    }
    std::vector<Entry> entries_;
    std::size_t count_ = 0;
    u64 stamp_ = 1;
};

struct BlockChecks {
    std::vector<u8> states;         // of the window, with a guard at either end
    std::vector<Cell> shared;
    CellTable global;
    std::vector<ThreadChecks> threads;
    std::vector<u32> clocks;        // own steps of this block's threads
    std::vector<u32> base;          // of all threads of the group, and one for the asynchronous proxy
    std::unordered_map<const void*, std::vector<u32>> atomics;
    u32 first_thread = 0;           // of the block in the group
    u32 async_clock = 0;
};

namespace {

constexpr std::size_t kGuard = 64;  // bytes of guard states kept around the window

std::size_t group_threads(const Group& group)
{
    // Blocks of a cooperative grid meet through atomics alone; each is then looked at by itself.
    return group.launch->clustered ? group.blocks.size() * static_cast<std::size_t>(group.blocks[0].threads) : static_cast<std::size_t>(group.blocks[0].threads);
}

std::size_t async_index(const BlockChecks& c) { return c.base.size() - 1; }

u32 number(const Fiber* f) { return f->block->checks->first_thread + f->thread; }

u32 known(const Fiber* f, u32 thread)
{
    const auto& own = f->checks->known;
    const u32 base = f->block->checks->base[thread];
    return own.empty() ? base : std::max(base, own[thread]);
}

u32& clock_of(const Fiber* f) { return f->block->checks->clocks[f->thread]; }

void join(std::vector<u32>& into, const std::vector<u32>& from)
{
    if (from.empty()) return;
    if (into.empty()) into.resize(from.size());
    for (std::size_t i = 0; i < from.size(); i++) into[i] = std::max(into[i], from[i]);
}

// All that a thread knows, its own steps included.
void add_knowledge(std::vector<u32>& into, const Fiber* f)
{
    const BlockChecks& c = *f->block->checks;
    join(into, c.base);
    join(into, f->checks->known);
    into[number(f)] = std::max(into[number(f)], clock_of(f));
}

const Fiber* fiber_of(const Group& group, u32 thread, const Block& own)
{
    if (!group.launch->clustered) return &own.fibers[thread];
    const u32 per_block = static_cast<u32>(own.threads);
    return &group.blocks[thread / per_block].fibers[thread % per_block];
}

const char* name_access(u8 access)
{
    static const char* const names[] = {"read", "write", "atomic operation", "asynchronous read", "asynchronous write"};
    return names[access];
}

bool writes(u8 access) { return access != static_cast<u8>(Access::Read) && access != static_cast<u8>(Access::AsyncRead); }
bool is_async(u8 access) { return access >= static_cast<u8>(Access::AsyncRead); }

[[noreturn]] void report_race(const Fiber* f, const void* address, const Slot& other, Access access, const void* code)
{
    std::string who = other.thread == kAsync ? "the asynchronous proxy" : name_thread(fiber_of(*f->block->group, other.thread, *f->block));
    if (other.thread != kAsync && f->block->group->launch->clustered)
        who += " of block " + std::to_string(other.thread / static_cast<u32>(f->block->threads)) + " of the cluster";
    fail(std::string("a ") + name_access(static_cast<u8>(access)) + " of " + describe_address(address) + " is not ordered with the " + name_access(other.access) + " by " + who +
             " (a data race: no barrier or other synchronisation lies between them)", code);
}

// A generic write that the asynchronous proxy reads must have been fenced, by the writer or after it by the reader.
void check_fenced(const Fiber* f, const Slot& slot, const void* address, const void* code)
{
    if (slot.thread == kAsync || is_async(slot.access)) return;
    const Fiber* writer = fiber_of(*f->block->group, slot.thread, *f->block);
    const auto covers = [&](const Fiber* by) { return !by->checks->fenced.empty() && by->checks->fenced[slot.thread] >= slot.clock; };
    if (!covers(writer) && !covers(f))
        fail("the asynchronous proxy reads " + describe_address(address) + ", which " + name_thread(writer) + " wrote without a fence.proxy.async after it", code);
}

void remember(Fiber* f, Cell& cell, const char* address, u8 bytes, Access access, const void* code)
{
    const BlockChecks& c = *f->block->checks;
    const bool async = access >= Access::AsyncRead;
    const u8 kind = static_cast<u8>(access);
    int free_slot = -1;
    // The same access again, with nothing in between that would order it anew: it was looked at before.
    if (!async)
        for (const Slot& s : cell.slots)
            if (s.access == kind && (s.bytes & bytes) == bytes && s.thread == number(f) && s.clock == clock_of(f)) return;
    for (int i = 0; i < 4; i++) {
        Slot& s = cell.slots[i];
        if (s.bytes == 0) {
            if (free_slot < 0) free_slot = i;
            continue;
        }
        const bool same = s.thread == number(f) && !async;
        const bool before = same || known(f, s.thread == kAsync ? static_cast<u32>(async_index(c)) : s.thread) >= s.clock || (async && s.thread == number(f));
        if ((s.bytes & bytes) != 0) {
            const bool same_operation = async && s.thread == kAsync && s.clock == c.async_clock;
            const bool conflict = (writes(s.access) || writes(kind)) && !(s.access == static_cast<u8>(Access::Atomic) && access == Access::Atomic) && !same_operation;
            if (conflict && !before) report_race(f, address, s, access, code);
            if (access == Access::AsyncRead && writes(s.access)) check_fenced(f, s, address, code);
        }
        // What came before and is covered can no longer be in conflict with anything that this access is not.
        if (before && (s.bytes & ~bytes) == 0 && (writes(kind) || !writes(s.access)) && free_slot < 0) free_slot = i;
    }
    if (free_slot < 0) {
        for (int i = 0; i < 4 && free_slot < 0; i++)
            if (!writes(cell.slots[i].access)) free_slot = i;
        if (free_slot < 0) free_slot = static_cast<int>(f->thread & 3);
    }
    cell.slots[free_slot] = async ? Slot{c.async_clock, kAsync, bytes, kind} : Slot{clock_of(f), static_cast<u16>(number(f)), bytes, kind};
}

template <class Find>
void check_order(Fiber* f, const char* address, std::size_t bytes, Access access, const void* code, Find find)
{
    const u64 first = reinterpret_cast<u64>(address), end = first + bytes;
    for (u64 word = first & ~3ull; word < end; word += 4) {
        u8 mask = 0;
        for (u64 b = 0; b < 4; b++)
            if (word + b >= first && word + b < end) mask |= static_cast<u8>(1u << b);
        remember(f, find(word), reinterpret_cast<const char*>(std::max(word, first)), mask, access, code);
    }
}

// True when all bytes have the state that accesses mostly meet: addressable and written, nothing pending.
bool all_ordinary(const u8* states, std::size_t bytes)
{
    constexpr u64 mask = 0x0707070707070707ull, ordinary = 0x0303030303030303ull;
    std::size_t i = 0;
    for (; i + 8 <= bytes; i += 8) {
        u64 word;
        std::memcpy(&word, states + i, 8);
        if ((word & mask) != ordinary) return false;
    }
    for (; i < bytes; i++)
        if ((states[i] & 7) != 3) return false;
    return true;
}

void check_window(Fiber* f, Block& owner, const char* address, std::size_t bytes, Access access, const void* code)
{
    BlockChecks& c = *owner.checks;
    const auto offset = static_cast<std::ptrdiff_t>(address - owner.window);
    u8* states = c.states.data() + static_cast<std::ptrdiff_t>(kGuard) + offset;
    const bool write = writes(static_cast<u8>(access));
    const bool ordinary = offset >= 0 && static_cast<std::size_t>(offset) + bytes <= owner.window_bytes && all_ordinary(states, bytes);
    for (std::size_t i = 0; i < bytes && !ordinary; i++) {
        const bool inside = offset + static_cast<std::ptrdiff_t>(i) >= -static_cast<std::ptrdiff_t>(kGuard) && offset + i < owner.window_bytes + kGuard;
        if (!inside || (states[i] & kAddressable) == 0)
            fail(std::string("a ") + name_access(static_cast<u8>(access)) + " of " + std::to_string(bytes) + " bytes touches " + describe_address(address + i), code);
        if (states[i] & kPending)
            fail(std::string("a ") + name_access(static_cast<u8>(access)) + " of " + describe_address(address + i) +
                     ", to which cp.async copies: the copy was not waited for", code);
        if (!write || access == Access::Atomic) {
            if ((states[i] & kWritten) == 0)
                fail(std::string("a ") + name_access(static_cast<u8>(access)) + " of " + std::to_string(bytes) + " bytes meets uninitialised memory: " + describe_address(address + i), code);
        }
    }
    if (write)
        for (std::size_t i = 0; i < bytes; i++) states[i] |= kWritten;
    check_order(f, address, bytes, access, code, [&](u64 word) -> Cell& {
        return c.shared[(word - (reinterpret_cast<u64>(owner.window) & ~3ull)) / 4];
    });
}

void check_global(Fiber* f, const char* address, std::size_t bytes, Access access, const void* code)
{
    Launch& launch = *f->block->group->launch;
    const auto slot = static_cast<u64>(address - arena) / kDeviceRange;
    if ((accessible_devices(*launch.device) >> slot & 1) == 0)
        fail(std::string("a ") + name_access(static_cast<u8>(access)) + " of " + describe_address(address) + ", which belongs to a device whose memory this one has no access to", code);
    if (!has_states(address)) return;
    u8* states = state_of(address);
    const bool write = writes(static_cast<u8>(access));
    const bool ordinary = f->waited_for_grid && all_ordinary(states, bytes);
    for (std::size_t i = 0; i < bytes && !ordinary; i++) {
        if ((states[i] & kAddressable) == 0)
            fail(std::string("a ") + name_access(static_cast<u8>(access)) + " of " + std::to_string(bytes) + " bytes touches " + describe_address(address + i), code);
        if ((!write || access == Access::Atomic) && (states[i] & kWritten) == 0)
            fail(std::string("a ") + name_access(static_cast<u8>(access)) + " of " + std::to_string(bytes) + " bytes meets uninitialised memory: " + describe_address(address + i), code);
        if (!f->waited_for_grid && launch.previous_tag != 0 && states[i] >> kTagShift == launch.previous_tag)
            fail(std::string("a ") + name_access(static_cast<u8>(access)) + " of " + describe_address(address + i) +
                     ", which the preceding grid writes, before griddepcontrol.wait", code);
    }
    if (write)
        for (std::size_t i = 0; i < bytes; i++) states[i] = static_cast<u8>(kAddressable | kWritten | launch.tag << kTagShift);
    auto& cells = f->block->checks->global;
    check_order(f, address, bytes, access, code, [&](u64 word) -> Cell& { return cells[word]; });
}

}  // namespace

BlockChecks* begin_checks(BlockChecks* reused, Block& block)
{
    BlockChecks* c = reused != nullptr ? reused : new BlockChecks();
    const Group& group = *block.group;
    const auto threads = static_cast<std::size_t>(block.threads);
    c->states.assign(block.window_bytes + 2 * kGuard, 0);
    std::memset(c->states.data() + kGuard + block.dynamic_offset, kAddressable, block.dynamic_bytes);
    for (const SharedVariable& v : group.launch->module->shared_variables)
        std::memset(c->states.data() + kGuard + v.offset, kAddressable, v.bytes);
    c->shared.assign(block.window_bytes / 4 + 2, Cell{});
    c->global.clear();
    c->atomics.clear();
    c->threads.clear();
    c->threads.resize(threads);
    c->clocks.assign(threads, 1);
    c->base.assign(group_threads(group) + 1, 0);
    c->first_thread = group.launch->clustered ? block.rank * static_cast<u32>(threads) : 0;
    c->async_clock = 0;
    block.checks = c;
    for (std::size_t i = 0; i < threads; i++) block.fibers[i].checks = &c->threads[i];
    return c;
}

bool window_damaged(const Block& block)
{
    for (int i = 1; i <= 64; i++)
        if (block.window[-i] != '\xff' || block.window[block.window_bytes + static_cast<std::size_t>(i) - 1] != '\xff') return true;
    return false;
}

void check_access(const void* pointer, std::size_t bytes, Access access, const void* code)
{
    Fiber* f = current;
    if (f == nullptr || f->checks == nullptr || bytes == 0) return;
    const char* address = static_cast<const char*>(pointer);
    Block& own = *f->block;
    const auto near_window = [&](const Block& b) { return static_cast<u64>(address - (b.window - kWindowGuard)) < b.window_bytes + 2 * kWindowGuard; };
    if (near_window(own)) return check_window(f, own, address, bytes, access, code);
    if (static_cast<u64>(address - f->stack) < kStack) return;
    if (in_arena(address)) return check_global(f, address, bytes, access, code);
    if (own.group->launch->clustered)
        for (Block& b : own.group->blocks)
            if (near_window(b)) {
                if (b.live == 0) fail(std::string("a ") + name_access(static_cast<u8>(access)) + " of the shared memory of a block that has ended", code);
                return check_window(f, b, address, bytes, access, code);
            }
    const Module& module = *own.group->launch->module;
    if (address >= module.image_begin && address < module.image_end) return;
    if (is_pinned(address, bytes)) return;
    fail(std::string("a ") + name_access(static_cast<u8>(access)) + " of " + std::to_string(bytes) + " bytes at " + describe_address(address), code);
}

void mark_pending(void* shared, std::size_t bytes)
{
    Block& b = *current->block;
    u8* states = b.checks->states.data() + kGuard + (static_cast<char*>(shared) - b.window);
    for (std::size_t i = 0; i < bytes; i++) states[i] |= kPending;
}

void clear_pending(Block& b, void* shared, std::size_t bytes)
{
    u8* states = b.checks->states.data() + kGuard + (static_cast<char*>(shared) - b.window);
    for (std::size_t i = 0; i < bytes; i++) states[i] &= static_cast<u8>(~kPending);
}

std::string describe_address(const void* pointer)
{
    const char* address = static_cast<const char*>(pointer);
    char hex[32];
    std::snprintf(hex, sizeof hex, "address 0x%llx", static_cast<unsigned long long>(reinterpret_cast<u64>(pointer)));
    if (in_arena(pointer)) return std::string(hex) + " (" + describe_device_address(pointer) + ")";
    if (current == nullptr) return hex;
    for (const Block& b : current->block->group->blocks) {
        const auto offset = static_cast<std::ptrdiff_t>(address - b.window);
        if (offset < -static_cast<std::ptrdiff_t>(kWindowGuard) || offset >= static_cast<std::ptrdiff_t>(b.window_bytes + kWindowGuard)) continue;
        // Of the array that is nearest.
        std::string where = "outside every array";
        std::ptrdiff_t nearest = 65;
        const auto at = [&](const std::string& name, std::size_t start, std::size_t size) {
            const auto within = offset - static_cast<std::ptrdiff_t>(start), bytes = static_cast<std::ptrdiff_t>(size);
            const auto distance = within < 0 ? -within : std::max<std::ptrdiff_t>(0, within - bytes + 1);
            if (distance >= nearest) return;
            nearest = distance;
            where = (within < 0 ? std::to_string(-within) + " bytes before " : within < bytes ? "byte " + std::to_string(within) + " of " : std::to_string(within - bytes) + " bytes past the end of ") +
                    name + ", " + std::to_string(size) + " bytes";
        };
        for (const SharedVariable& v : b.group->launch->module->shared_variables) at("the shared array " + v.name, v.offset, v.bytes);
        if (b.dynamic_bytes > 0) at("the dynamic shared memory", b.dynamic_offset, b.dynamic_bytes);
        return std::string(hex) + " (" + where + (&b == current->block ? "" : ", of block " + std::to_string(b.rank) + " of the cluster") + ")";
    }
    for (const Block& b : current->block->group->blocks)
        for (int i = 0; i < b.threads; i++)
            if (b.fibers[i].stack != nullptr && static_cast<u64>(address - b.fibers[i].stack) < kStack)
                return std::string(hex) + " (local memory of " + name_thread(&b.fibers[i]) + ")";
    return std::string(hex) + " (no memory of the device)";
}

void order_barrier(Block& block)
{
    BlockChecks& c = *block.checks;
    for (int i = 0; i < block.threads; i++) {
        ThreadChecks& t = c.threads[static_cast<std::size_t>(i)];
        join(c.base, t.known);
        t.known.clear();
    }
    for (int i = 0; i < block.threads; i++) c.base[c.first_thread + static_cast<u32>(i)] = c.clocks[static_cast<std::size_t>(i)]++;
}

static void order_members(const std::vector<Fiber*>& members)
{
    std::vector<u32> all;
    for (const Fiber* f : members) add_knowledge(all, f);
    for (Fiber* f : members) {
        f->checks->known = all;
        clock_of(f)++;
    }
}

void order_warp(Warp& warp, u32 mask)
{
    static thread_local std::vector<Fiber*> members;
    members.clear();
    Fiber* lanes = &warp.block->fibers[(&warp - warp.block->warps) * kWarp];
    for (u32 rest = mask; rest != 0; rest &= rest - 1) members.push_back(&lanes[__builtin_ctz(rest)]);
    order_members(members);
}

void order_named(Block&, const std::vector<Fiber*>& members) { order_members(members); }

void order_cluster(Group& group)
{
    std::vector<u32> all;
    for (Block& b : group.blocks)
        for (int i = 0; i < b.threads; i++) {
            if (b.fibers[i].waits == Waits::Done) continue;
            add_knowledge(all, &b.fibers[i]);
        }
    for (Block& b : group.blocks) {
        b.checks->base = all;
        for (ThreadChecks& t : b.checks->threads) t.known.clear();
        for (u32& clock : b.checks->clocks) clock++;
    }
}

void order_arrive(MemoryBarrier& barrier)
{
    add_knowledge(barrier.arriving, current);
    clock_of(current)++;
}

void order_acquire(const std::vector<u32>& clocks) { join(current->checks->known, clocks); }

// A copy of the asynchronous proxy: what the issuing thread knows comes before it, its end is published through the barrier.
u32 order_async_begin() { return ++current->block->checks->async_clock; }

void order_async_end(Block& owner, std::vector<u32>& into)
{
    BlockChecks& c = *owner.checks;
    if (into.empty()) into.resize(c.base.size());
    into[async_index(c)] = std::max(into[async_index(c)], c.async_clock);
}

u32 order_async_now() { return current->block->checks->async_clock; }

// An asynchronous operation of this thread has ended.
void order_async_acquire(u32 clock)
{
    const BlockChecks& c = *current->block->checks;
    auto& own = current->checks->known;
    if (own.empty()) own.resize(c.base.size());
    own[async_index(c)] = std::max(own[async_index(c)], clock);
}

void order_fence()
{
    ThreadChecks& t = *current->checks;
    t.releases = true;
    join(t.known, t.pending);
    t.pending.clear();
}

void order_proxy_fence()
{
    ThreadChecks& t = *current->checks;
    t.fenced.clear();
    add_knowledge(t.fenced, current);
    clock_of(current)++;
}

void order_atomic(const void* address)
{
    ThreadChecks& t = *current->checks;
    auto& published = current->block->checks->atomics;
    const auto found = published.find(address);
    if (found != published.end()) join(t.pending, found->second);
    if (!t.releases) return;
    add_knowledge(published[address], current);
    clock_of(current)++;
}

}  // namespace sgl_host

using namespace sgl_host;

extern "C" {

#define SGL_ACCESS(name, bytes, kind) \
    void __tsan_##name(const void* address) { check_access(address, bytes, kind, SGL_CODE); }
#define SGL_ACCESSES(prefix) \
    SGL_ACCESS(prefix##read1, 1, Access::Read) SGL_ACCESS(prefix##read2, 2, Access::Read) SGL_ACCESS(prefix##read4, 4, Access::Read) \
    SGL_ACCESS(prefix##read8, 8, Access::Read) SGL_ACCESS(prefix##read16, 16, Access::Read) \
    SGL_ACCESS(prefix##write1, 1, Access::Write) SGL_ACCESS(prefix##write2, 2, Access::Write) SGL_ACCESS(prefix##write4, 4, Access::Write) \
    SGL_ACCESS(prefix##write8, 8, Access::Write) SGL_ACCESS(prefix##write16, 16, Access::Write)
SGL_ACCESSES()
SGL_ACCESSES(unaligned_)
SGL_ACCESSES(volatile_)
SGL_ACCESSES(unaligned_volatile_)
void __tsan_read_range(const void* address, unsigned long bytes) { check_access(address, bytes, Access::Read, SGL_CODE); }
void __tsan_write_range(const void* address, unsigned long bytes) { check_access(address, bytes, Access::Write, SGL_CODE); }
void __tsan_init() {}
void __tsan_func_entry(const void*) {}
void __tsan_func_exit() {}

void* sgl_memcpy(void* to, const void* from, unsigned long bytes)
{
    check_access(from, bytes, Access::Read, SGL_CODE);
    check_access(to, bytes, Access::Write, SGL_CODE);
    return std::memcpy(to, from, bytes);
}

void* sgl_memset(void* to, int value, unsigned long bytes)
{
    check_access(to, bytes, Access::Write, SGL_CODE);
    return std::memset(to, value, bytes);
}

struct UbsanSource { const char* file; u32 line, column; };
struct UbsanTypeMismatch { UbsanSource source; const void* type; u8 log_alignment, kind; };

void __ubsan_handle_type_mismatch_v1(const UbsanTypeMismatch* data, const void* address)
{
    fail("a misaligned vector access: " + describe_address(address) + " is no multiple of " + std::to_string(1u << data->log_alignment), SGL_CODE);
}

void __ubsan_handle_out_of_bounds(const UbsanSource*, unsigned long index)
{
    fail("index " + std::to_string(static_cast<long>(index)) + " lies outside the array", SGL_CODE);
}

}
