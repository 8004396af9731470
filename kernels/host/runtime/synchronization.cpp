// Barriers, warp collectives and atomic operations.
#include "checks.h"
#include <bit>

namespace sgl_host {

namespace {

Block& block() { return *current->block; }

bool try_complete(Warp& warp, Fiber* last)
{
    const u32 needed = last->mask & ~warp.done;
    if ((warp.waiting & needed) != needed) return false;
    Fiber* lanes = &warp.block->fibers[(&warp - warp.block->warps) * kWarp];
    for (u32 rest = needed; rest != 0; rest &= rest - 1) {
        const Fiber& lane = lanes[std::countr_zero(rest)];
        if (lane.op != last->op || lane.mask != last->mask) return false;
    }
    if (last->operate != nullptr) last->operate(warp, lanes, needed);
    warp.waiting &= ~needed;
    for (u32 rest = needed; rest != 0; rest &= rest - 1) {
        Fiber* lane = &lanes[std::countr_zero(rest)];
        lane->op = WarpOp::None;
        if (lane != current) warp.block->group->wake(lane);
    }
    return true;
}

const Fiber* someone_done(const Block& b)
{
    for (int i = 0; i < b.threads; i++)
        if (b.fibers[i].waits == Waits::Done) return &b.fibers[i];
    return nullptr;
}

void complete_barrier(Block& b, const void* code)
{
    if (b.live < b.threads)
        fail("a barrier is not reached by all threads: " + name_thread(someone_done(b)) + " has ended before this __syncthreads", code);
    if (b.checks != nullptr) order_barrier(b);
    b.vote_result[0] = b.votes_true;
    b.vote_result[1] = b.votes_true == b.threads;
    b.vote_result[2] = b.votes_true > 0;
    b.at_barrier = b.votes_true = 0;
    for (int i = 0; i < b.threads; i++)
        if (&b.fibers[i] != current) b.group->wake(&b.fibers[i]);
}

void sync_threads(const void* code)
{
    Block& b = block();
    if (++b.at_barrier == b.live) complete_barrier(b, code);
    else wait(Waits::Barrier, code);
}

// Operands of the lanes of a warp.
struct ShuffleOperands { u64 value; int kind, argument, width; u64 result; };
struct VoteOperands { u64 value; u32 result; int operation; };

void shuffle(Warp&, Fiber* lanes, u32 mask)
{
    for (u32 rest = mask; rest != 0; rest &= rest - 1) {
        const int lane = std::countr_zero(rest);
        auto& own = *static_cast<ShuffleOperands*>(lanes[lane].operands);
        const int first = lane & ~(own.width - 1);
        int from = 0;
        switch (own.kind) {
        case 0: from = first | (own.argument & (own.width - 1)); break;
        case 1: from = lane - own.argument >= first ? lane - own.argument : lane; break;
        case 2: from = lane + own.argument < first + own.width ? lane + own.argument : lane; break;
        default: from = (lane ^ own.argument) < first + own.width ? lane ^ own.argument : lane; break;
        }
        if ((mask >> from & 1) == 0)
            fail("a shuffle of " + name_thread(&lanes[lane]) + " reads lane " + std::to_string(from) + ", which does not take part", lanes[lane].code);
        own.result = static_cast<ShuffleOperands*>(lanes[from].operands)->value;
    }
}

void ballot(Warp&, Fiber* lanes, u32 mask)
{
    u32 votes = 0;
    for (u32 rest = mask; rest != 0; rest &= rest - 1)
        if (static_cast<VoteOperands*>(lanes[std::countr_zero(rest)].operands)->value != 0) votes |= rest & (0 - rest);
    for (u32 rest = mask; rest != 0; rest &= rest - 1) static_cast<VoteOperands*>(lanes[std::countr_zero(rest)].operands)->result = votes;
}

void match(Warp&, Fiber* lanes, u32 mask)
{
    for (u32 rest = mask; rest != 0; rest &= rest - 1) {
        auto& own = *static_cast<VoteOperands*>(lanes[std::countr_zero(rest)].operands);
        own.result = 0;
        for (u32 other = mask; other != 0; other &= other - 1)
            if (static_cast<VoteOperands*>(lanes[std::countr_zero(other)].operands)->value == own.value) own.result |= other & (0 - other);
    }
}

enum Atomic { kAdd, kExchange, kCompareExchange, kMinSigned, kMaxSigned, kMinUnsigned, kMaxUnsigned, kAnd, kOr, kXor, kIncrement, kDecrement, kAddFloat, kAddDouble };

template <class U>
U combine(int operation, U old, U value, U compare)
{
    using S = std::make_signed_t<U>;
    switch (operation) {
    case kAdd: return old + value;
    case kExchange: return value;
    case kCompareExchange: return old == compare ? value : old;
    case kMinSigned: return static_cast<S>(value) < static_cast<S>(old) ? value : old;
    case kMaxSigned: return static_cast<S>(value) > static_cast<S>(old) ? value : old;
    case kMinUnsigned: return value < old ? value : old;
    case kMaxUnsigned: return value > old ? value : old;
    case kAnd: return old & value;
    case kOr: return old | value;
    case kXor: return old ^ value;
    case kIncrement: return old >= value ? 0 : old + 1;
    case kDecrement: return old == 0 || old > value ? value : old - 1;
    case kAddFloat:
        if constexpr (sizeof(U) == 4) return std::bit_cast<U>(std::bit_cast<float>(old) + std::bit_cast<float>(value));
        return old;
    default:
        if constexpr (sizeof(U) == 8) return std::bit_cast<U>(std::bit_cast<double>(old) + std::bit_cast<double>(value));
        return old;
    }
}

void reduce(Warp&, Fiber* lanes, u32 mask)
{
    auto& first = *static_cast<VoteOperands*>(lanes[std::countr_zero(mask)].operands);
    u32 total = static_cast<u32>(first.value);
    for (u32 rest = mask & (mask - 1); rest != 0; rest &= rest - 1)
        total = combine<u32>(first.operation, total, static_cast<u32>(static_cast<VoteOperands*>(lanes[std::countr_zero(rest)].operands)->value), 0);
    for (u32 rest = mask; rest != 0; rest &= rest - 1) static_cast<VoteOperands*>(lanes[std::countr_zero(rest)].operands)->result = total;
}

template <class U>
U atomic(int operation, void* address, U value, U compare, const void* code)
{
    if (reinterpret_cast<u64>(address) % sizeof(U) != 0) fail("a misaligned atomic operation on " + describe_address(address), code);
    if (block().checks != nullptr) {
        check_access(address, sizeof(U), Access::Atomic, code);
        order_atomic(address);
    }
    U* p = static_cast<U*>(address);
    U old = __atomic_load_n(p, __ATOMIC_RELAXED);
    while (!__atomic_compare_exchange_n(p, &old, combine(operation, old, value, compare), true, __ATOMIC_SEQ_CST, __ATOMIC_RELAXED)) {}
    // Threads that spin on an atomic operation must not keep the others from what they wait for.
    if (++current->atomics % 64 == 0) give_turn(code);
    return old;
}

}  // namespace

void warp_collective(WarpOp op, u32 mask, void* operands, Operate operate, const void* code)
{
    Fiber* self = current;
    Warp& warp = self->block->warps[self->warp()];
    const u32 bit = 1u << self->lane();
    if ((mask & bit) == 0) fail("a warp operation is called with a mask that does not name its own lane", code);
    self->op = op;
    self->mask = mask & warp.exists;
    self->operands = operands;
    self->operate = operate;
    self->code = code;
    warp.waiting |= bit;
    if (!try_complete(warp, self)) wait(Waits::Warp, code);
}

void retry_collectives(Warp& warp)
{
    Fiber* lanes = &warp.block->fibers[(&warp - warp.block->warps) * kWarp];
    for (u32 rest = warp.waiting; rest != 0; rest &= rest - 1)
        if (warp.waiting & rest & (0 - rest)) try_complete(warp, &lanes[std::countr_zero(rest)]);
}

}  // namespace sgl_host

using namespace sgl_host;

extern "C" {

unsigned sgl_index(int which)
{
    const Fiber& f = *current;
    const Block& b = *f.block;
    const Launch& l = *b.group->launch;
    switch (which) {
    case 0: return f.x;
    case 1: return f.y;
    case 2: return f.z;
    case 3: return b.x;
    case 4: return b.y;
    case 5: return b.z;
    case 6: return l.block.x;
    case 7: return l.block.y;
    case 8: return l.block.z;
    case 9: return l.grid.x;
    case 10: return l.grid.y;
    case 11: return l.grid.z;
    case 12: return l.clustered ? b.rank : 0;
    default: return l.clustered ? static_cast<unsigned>(b.group->blocks.size()) : 1;
    }
}

void* sgl_dynamic_shared() { return block().window + block().dynamic_offset; }

struct TlsIndex { unsigned long module, offset; };

// Stands in for __tls_get_addr: the "thread" variables of a kernel's library are the block's static shared memory.
void* sgl_shared_address(const TlsIndex* index) { return current->block->window + index->offset; }

// The hardware keeps the first 1024 bytes of the window for itself.
unsigned sgl_shared_offset(const void* address) { return static_cast<unsigned>(static_cast<const char*>(address) - block().window) + 1024; }

void sgl_sync_threads() { sync_threads(SGL_CODE); }

unsigned sgl_sync_threads_vote(int predicate, int operation)
{
    block().votes_true += predicate != 0;
    sync_threads(SGL_CODE);
    return static_cast<unsigned>(block().vote_result[operation]);
}

void sgl_named_barrier(unsigned id, unsigned threads, int waits)
{
    const void* code = SGL_CODE;
    if (id >= 16) fail("named barrier " + std::to_string(id) + ": there are 16", code);
    if (threads % kWarp != 0 || threads == 0) fail("a named barrier of " + std::to_string(threads) + " threads: only whole warps can meet", code);
    Block& b = block();
    NamedBarrier& barrier = b.named[id];
    if (barrier.arrived != 0 && barrier.threads != threads)
        fail("named barrier " + std::to_string(id) + " is reached for " + std::to_string(threads) + " threads, by others for " + std::to_string(barrier.threads), code);
    barrier.threads = threads;
    barrier.arrived++;
    barrier.waiting.push_back(current);
    if (barrier.arrived == threads) {
        if (b.checks != nullptr) order_named(b, barrier.waiting);
        for (Fiber* f : barrier.waiting)
            if (f != current && f->waits == Waits::NamedBarrier) b.group->wake(f);
        barrier.arrived = 0;
        barrier.waiting.clear();
    } else if (waits) {
        wait(Waits::NamedBarrier, code);
    }
}

void sgl_sync_warp(unsigned mask)
{
    warp_collective(WarpOp::Sync, mask, nullptr, [](Warp& warp, Fiber*, u32 lanes) { if (warp.block->checks != nullptr) order_warp(warp, lanes); }, SGL_CODE);
}

unsigned long long sgl_shuffle(unsigned mask, unsigned long long value, int kind, int argument, int width)
{
    ShuffleOperands operands{value, kind, argument, width, 0};
    warp_collective(WarpOp::Shuffle, mask, &operands, shuffle, SGL_CODE);
    return operands.result;
}

unsigned sgl_ballot(unsigned mask, int predicate)
{
    VoteOperands operands{static_cast<u64>(predicate != 0), 0, 0};
    warp_collective(WarpOp::Ballot, mask, &operands, ballot, SGL_CODE);
    return operands.result;
}

unsigned sgl_match_any(unsigned mask, unsigned long long value)
{
    VoteOperands operands{value, 0, 0};
    warp_collective(WarpOp::Match, mask, &operands, match, SGL_CODE);
    return operands.result;
}

unsigned sgl_warp_reduce(unsigned mask, unsigned value, int operation)
{
    VoteOperands operands{value, 0, operation};
    warp_collective(WarpOp::Reduce, mask, &operands, reduce, SGL_CODE);
    return operands.result;
}

unsigned sgl_active_mask() { return 1u << current->lane(); }

unsigned sgl_atomic_32(int operation, void* address, unsigned value, unsigned compare) { return atomic<u32>(operation, address, value, compare, SGL_CODE); }

unsigned long long sgl_atomic_64(int operation, void* address, unsigned long long value, unsigned long long compare)
{
    return atomic<u64>(operation, address, value, compare, SGL_CODE);
}

void sgl_thread_fence(int)
{
    __atomic_thread_fence(__ATOMIC_SEQ_CST);
    if (block().checks != nullptr) order_fence();
}

void sgl_trap() { fail("the kernel executed __trap", SGL_CODE); }

long long sgl_clock()
{
    static std::atomic<long long> ticks{0};
    give_turn(SGL_CODE);
    return ticks.fetch_add(1000);
}

}
