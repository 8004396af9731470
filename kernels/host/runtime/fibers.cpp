// Running the threads of blocks: fibers with stacks of their own, switched by saving the callee-saved registers.
#include "checks.h"
#include "device.h"
#include <csignal>
#include <cstdlib>
#include <cstring>
#include <sched.h>
#include <sys/mman.h>
#include <ucontext.h>

extern "C" void sgl_switch(void** save, void* load);
extern "C" [[noreturn]] void sgl_fiber_start();
extern "C" void sgl_fault_landing();

#if defined(__x86_64__)
__asm__(R"(
    .text
    .globl sgl_switch
    .hidden sgl_switch
    .type sgl_switch,@function
sgl_switch:
    pushq %rbp
    pushq %rbx
    pushq %r12
    pushq %r13
    pushq %r14
    pushq %r15
    movq %rsp, (%rdi)
    movq %rsi, %rsp
    popq %r15
    popq %r14
    popq %r13
    popq %r12
    popq %rbx
    popq %rbp
    ret
    .globl sgl_fault_landing
    .hidden sgl_fault_landing
    .type sgl_fault_landing,@function
sgl_fault_landing:
    andq $-16, %rsp
    call sgl_on_fault
    ud2
)");
#elif defined(__aarch64__)
__asm__(R"(
    .text
    .globl sgl_switch
    .hidden sgl_switch
    .type sgl_switch,%function
sgl_switch:
    sub sp, sp, #160
    stp x19, x20, [sp]
    stp x21, x22, [sp, #16]
    stp x23, x24, [sp, #32]
    stp x25, x26, [sp, #48]
    stp x27, x28, [sp, #64]
    stp x29, x30, [sp, #80]
    stp d8, d9, [sp, #96]
    stp d10, d11, [sp, #112]
    stp d12, d13, [sp, #128]
    stp d14, d15, [sp, #144]
    mov x9, sp
    str x9, [x0]
    mov sp, x1
    ldp x19, x20, [sp]
    ldp x21, x22, [sp, #16]
    ldp x23, x24, [sp, #32]
    ldp x25, x26, [sp, #48]
    ldp x27, x28, [sp, #64]
    ldp x29, x30, [sp, #80]
    ldp d8, d9, [sp, #96]
    ldp d10, d11, [sp, #112]
    ldp d12, d13, [sp, #128]
    ldp d14, d15, [sp, #144]
    add sp, sp, #160
    ret
    .globl sgl_fault_landing
    .hidden sgl_fault_landing
sgl_fault_landing:
    mov x9, sp
    and sp, x9, #-16
    bl sgl_on_fault
    brk #0
)");
#else
#error "the emulated device knows x86-64 and aarch64"
#endif

namespace sgl_host {

thread_local Fiber* current __attribute__((tls_model("initial-exec"))) = nullptr;

namespace {

constexpr int kSlabStacks = 64;
constexpr u64 kCanary = 0x5ca1ab1e0ddba11ull;
constexpr u32 kAtomicsPerTurn = 64;

// Everything one operating-system thread needs to run blocks.
struct Executor {
    Group group;
    void* main_stack_pointer = nullptr;
    std::vector<char*> free_stacks;
    std::vector<char*> slabs;
    std::vector<char*> windows;
    std::vector<std::size_t> window_sizes;
    std::vector<BlockChecks*> checks;
    void* fault_address = nullptr;
    const void* fault_code = nullptr;
    int fault_signal = 0;
    char* signal_stack = nullptr;

    Executor()
    {
        signal_stack = static_cast<char*>(mmap(nullptr, 64 << 10, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0));
        stack_t alternative{};
        alternative.ss_sp = signal_stack;
        alternative.ss_size = 64 << 10;
        sigaltstack(&alternative, nullptr);
    }

    char* take_stack()
    {
        if (free_stacks.empty()) {
            char* slab = static_cast<char*>(mmap(nullptr, kSlabStacks * kStack + kPage, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0));
            mprotect(slab, kPage, PROT_NONE);
            slabs.push_back(slab);
            for (int i = kSlabStacks - 1; i >= 0; i--) {
                char* stack = slab + kPage + static_cast<std::size_t>(i) * kStack;
                *reinterpret_cast<u64*>(stack) = kCanary;
                free_stacks.push_back(stack);
            }
        }
        char* stack = free_stacks.back();
        free_stacks.pop_back();
        return stack;
    }

    void give_stack(Fiber* fiber)
    {
        free_stacks.push_back(fiber->stack);
        fiber->stack = nullptr;
    }
};

Executor& executor()
{
    // Never destroyed: threads of the pool end with the process.
    static thread_local Executor* instance = new Executor();
    return *instance;
}

Launch& launch_of(const Fiber* fiber) { return *fiber->block->group->launch; }

[[noreturn]] void leave_to_main()
{
    void* ignored;
    current = nullptr;
    sgl_switch(&ignored, executor().main_stack_pointer);
    __builtin_unreachable();
}

void prepare(Executor& e, Fiber* fiber)
{
    fiber->stack = e.take_stack();
    char* top = fiber->stack + kStack;
#if defined(__x86_64__)
    void** frame = reinterpret_cast<void**>(top) - 2;   // the return address ends 8 bytes off a multiple of 16, as after a call
    frame[0] = reinterpret_cast<void*>(&sgl_fiber_start);
    frame[1] = nullptr;
    fiber->stack_pointer = frame - 6;
    std::memset(fiber->stack_pointer, 0, 6 * sizeof(void*));
#else
    char* frame = top - 160;
    std::memset(frame, 0, 160);
    *reinterpret_cast<void**>(frame + 88) = reinterpret_cast<void*>(&sgl_fiber_start);
    fiber->stack_pointer = frame;
#endif
}

void switch_to(Executor& e, void** save, Fiber* next)
{
    if (next->stack_pointer == nullptr) prepare(e, next);
    current = next;
    sgl_switch(save, next->stack_pointer);
}

void finish(Fiber* fiber)
{
    Block& block = *fiber->block;
    Group& group = *block.group;
    if (!fiber->copies.empty()) complete_copies(fiber, 0, nullptr);
    if (fiber->wgmma.open) fail("the thread ends with wgmma products that were not committed", nullptr);
    fiber->waits = Waits::Done;
    if (*reinterpret_cast<u64*>(fiber->stack) != kCanary) fail("the stack of the thread overflowed", nullptr);
    Warp& warp = block.warps[fiber->warp()];
    warp.done |= 1u << fiber->lane();
    block.live--;
    group.live--;
    if (warp.waiting != 0) retry_collectives(warp);
    if (block.at_barrier > 0) {
        // Named like this, not hung: the others would wait for it forever, or pass without it, depending on the hardware.
        for (int i = 0; i < block.threads; i++)
            if (block.fibers[i].waits == Waits::Barrier)
                fail("a barrier is not reached by all threads: this thread has ended while " + name_thread(&block.fibers[i]) + " waits at __syncthreads" +
                         name_code(block.fibers[i].code), nullptr);
    }
}

}  // namespace

void Group::push(Warp* warp)
{
    warp->queued = true;
    std::size_t at = head + count++;
    if (at >= queue.size()) at -= queue.size();
    queue[at] = warp;
}

Fiber* Group::pick()
{
    while (count > 0) {
        Warp* warp = queue[head];
        if (warp->ready == 0 && warp->yielded != 0) {
            warp->ready = warp->yielded;
            warp->yielded = 0;
        }
        if (warp->ready != 0) {
            const int lane = __builtin_ctz(warp->ready);
            warp->ready &= warp->ready - 1;
            if (warp->ready == 0 && warp->yielded == 0) {
                head = head + 1 == queue.size() ? 0 : head + 1;
                count--;
                warp->queued = false;
            }
            return &warp->block->fibers[(warp - warp->block->warps) * kWarp + lane];
        }
        head = head + 1 == queue.size() ? 0 : head + 1;
        count--;
        warp->queued = false;
    }
    return nullptr;
}

void Group::wake(Fiber* fiber)
{
    fiber->waits = Waits::Nothing;
    Warp* warp = &fiber->block->warps[fiber->warp()];
    warp->ready |= 1u << fiber->lane();
    if (!warp->queued) push(warp);
}

void wait(Waits reason, const void* code)
{
    Fiber* self = current;
    self->waits = reason;
    self->code = code;
    Executor& e = executor();
    Fiber* next = e.group.pick();
    if (next == self) {
        self->waits = Waits::Nothing;
        return;
    }
    if (next != nullptr) {
        switch_to(e, &self->stack_pointer, next);
    } else {
        current = nullptr;
        sgl_switch(&self->stack_pointer, e.main_stack_pointer);
    }
    self->waits = Waits::Nothing;
}

void give_turn(const void* code)
{
    Fiber* self = current;
    Group& group = *self->block->group;
    Warp* warp = &self->block->warps[self->warp()];
    warp->yielded |= 1u << self->lane();
    if (!warp->queued) {
        group.push(warp);
    } else if (group.queue[group.head] == warp && warp->ready == 0) {
        group.head = group.head + 1 == group.queue.size() ? 0 : group.head + 1;
        group.count--;
        group.push(warp);
    }
    if (group.count == 1) sched_yield();
    if (group.launch->failed.load(std::memory_order_relaxed)) leave_to_main();
    wait(Waits::Turn, code);
}

std::string name_thread(const Fiber* fiber)
{
    return "thread (" + std::to_string(fiber->x) + ", " + std::to_string(fiber->y) + ", " + std::to_string(fiber->z) + ")";
}

// The caller's address in a form that the program looks up in the library's line table.
std::string name_code(const void* code) { return code == nullptr ? "" : module_position(code); }

static void record_failure(Launch& launch, const std::string& text)
{
    if (!launch.failed.exchange(true)) launch.error = text;
}

void fail(const std::string& what, const void* code)
{
    Fiber* fiber = current;
    Launch& launch = launch_of(fiber);
    const Block& block = *fiber->block;
    record_failure(launch, launch.kernel + ": block (" + std::to_string(block.x) + ", " + std::to_string(block.y) + ", " + std::to_string(block.z) + ") " +
                               name_thread(fiber) + ": " + what + name_code(code));
    leave_to_main();
}

// No fiber can run and some have not ended: says which wait for what.
static void record_deadlock(Group& group)
{
    Launch& launch = *group.launch;
    std::string text;
    const Fiber* first = nullptr;
    std::map<std::string, std::pair<int, const Fiber*>> waits;
    for (const Block& block : group.blocks)
        for (int i = 0; i < block.threads; i++) {
            const Fiber& f = block.fibers[i];
            if (f.waits == Waits::Done) continue;
            const auto found = describe_wait(&f);
            auto& entry = waits[found];
            if (entry.first++ == 0) entry.second = &f;
            if (first == nullptr) first = &f;
        }
    for (const auto& [what, who] : waits)
        text += (text.empty() ? "" : "; ") + std::to_string(who.first) + " of its threads, the first being " + name_thread(who.second) + ", wait " + what;
    record_failure(launch, launch.kernel + ": block (" + std::to_string(first->block->x) + ", " + std::to_string(first->block->y) + ", " +
                               std::to_string(first->block->z) + ") " + name_thread(first) + ": no thread can go on: " + text);
}

std::string describe_wait(const Fiber* fiber)
{
    switch (fiber->waits) {
    case Waits::Barrier: return "at __syncthreads" + name_code(fiber->code);
    case Waits::ClusterBarrier: return "at the cluster's barrier" + name_code(fiber->code);
    case Waits::NamedBarrier: return "at a named barrier" + name_code(fiber->code);
    case Waits::MemoryBarrier: return describe_memory_barrier(fiber) + name_code(fiber->code);
    case Waits::Warp: {
        static const char* const names[] = {"", "__syncwarp", "a shuffle", "a vote", "__match_any_sync", "a warp reduction", "ldmatrix", "mma.sync", "wgmma"};
        char mask[16];
        std::snprintf(mask, sizeof mask, "0x%08x", fiber->mask);
        return std::string("at ") + names[static_cast<int>(fiber->op)] + " for lanes " + mask + name_code(fiber->code);
    }
    default: return "";
    }
}

static void set_up(Executor& e, Launch& launch, u64 first)
{
    Group& group = e.group;
    group.launch = &launch;
    const int threads = static_cast<int>(launch.block.count());
    const int warps = (threads + kWarp - 1) / kWarp;
    const std::size_t blocks = launch.group_blocks;
    group.blocks.resize(blocks);
    if (group.fibers.size() < blocks * threads) group.fibers.resize(blocks * threads);
    if (group.warps.size() < blocks * warps) group.warps.resize(blocks * warps);
    if (group.queue.size() < blocks * warps) group.queue.resize(blocks * warps);
    group.head = group.count = 0;
    group.memory_barriers.clear();
    group.live = blocks * static_cast<u64>(threads);
    if (e.windows.size() < blocks) e.windows.resize(blocks), e.window_sizes.resize(blocks), e.checks.resize(blocks);
    const std::size_t static_bytes = launch.module->shared_bytes;
    const std::size_t offset = launch.dynamic_bytes == 0 ? static_bytes : (static_bytes + 127) / 128 * 128;
    const std::size_t window = offset + launch.dynamic_bytes;
    const Dim& cluster = launch.cluster;
    for (std::size_t b = 0; b < blocks; b++) {
        Block& block = group.blocks[b];
        block.group = &group;
        block.fibers = &group.fibers[b * threads];
        block.warps = &group.warps[b * warps];
        block.rank = static_cast<u32>(b);
        if (launch.clustered) {
            // A group is one cluster: its blocks neighbour each other in all three dimensions.
            const u64 across = launch.grid.x / cluster.x, down = launch.grid.y / cluster.y;
            block.x = static_cast<u32>(first % across * cluster.x + b % cluster.x);
            block.y = static_cast<u32>(first / across % down * cluster.y + b / cluster.x % cluster.y);
            block.z = static_cast<u32>(first / across / down * cluster.z + b / cluster.x / cluster.y);
        } else {
            const u64 index = first * blocks + b;
            block.x = static_cast<u32>(index % launch.grid.x);
            block.y = static_cast<u32>(index / launch.grid.x % launch.grid.y);
            block.z = static_cast<u32>(index / launch.grid.x / launch.grid.y);
        }
        block.threads = block.live = threads;
        block.at_barrier = block.at_cluster_barrier = block.votes_true = 0;
        block.cluster_phase = 0;
        block.named.clear();
        block.static_bytes = static_bytes;
        block.dynamic_offset = offset;
        block.dynamic_bytes = launch.dynamic_bytes;
        block.window_bytes = window;
        const std::size_t needed = window + 2 * kWindowGuard;
        if (e.window_sizes[b] < needed) {
            std::free(e.windows[b]);
            e.windows[b] = static_cast<char*>(std::aligned_alloc(kWindowGuard, (needed + kWindowGuard - 1) / kWindowGuard * kWindowGuard));
            e.window_sizes[b] = needed;
        }
        block.window = e.windows[b] + kWindowGuard;
        std::memset(block.window - 64, 0xff, window + 128);
        block.checks = nullptr;
        for (int i = 0; i < threads; i++) {
            Fiber& f = block.fibers[i];
            f.stack_pointer = nullptr;
            f.stack = nullptr;
            f.block = &block;
            f.thread = static_cast<u16>(i);
            f.waits = Waits::Start;
            f.op = WarpOp::None;
            f.x = static_cast<u32>(i) % launch.block.x;
            f.y = static_cast<u32>(i) / launch.block.x % launch.block.y;
            f.z = static_cast<u32>(i) / launch.block.x / launch.block.y;
            f.async_groups = f.atomics = 0;
            f.waited_for_grid = !launch.dependent;
            f.copies.clear();
            f.cluster_phase = 0;
            f.bulk = f.wgmma = AsyncGroups{};
            f.checks = nullptr;
        }
        if (launch.module->checked) e.checks[b] = begin_checks(e.checks[b], block);
        for (int w = 0; w < warps; w++) {
            Warp& warp = block.warps[w];
            const int lanes = threads - w * kWarp;
            warp.block = &block;
            warp.exists = warp.ready = lanes >= kWarp ? 0xffffffffu : (1u << lanes) - 1;
            warp.yielded = warp.waiting = warp.done = 0;
            group.push(&warp);
        }
    }
}

static void run_group(Executor& e, Launch& launch, u64 first)
{
    set_up(e, launch, first);
    Fiber* next = e.group.pick();
    switch_to(e, &e.main_stack_pointer, next);
    current = nullptr;
    if (e.group.live > 0 && !launch.failed.load()) record_deadlock(e.group);
    for (Block& block : e.group.blocks) {
        for (int i = 0; i < block.threads; i++)
            if (block.fibers[i].stack != nullptr) {
                *reinterpret_cast<u64*>(block.fibers[i].stack) = kCanary;
                e.give_stack(&block.fibers[i]);
            }
        if (!launch.failed.load() && window_damaged(block))
            record_failure(launch, launch.kernel + ": block (" + std::to_string(block.x) + ", " + std::to_string(block.y) + ", " + std::to_string(block.z) +
                                       "): the guard zone around its shared memory was written to");
    }
}

static void work_on(Launch& launch)
{
    Executor& e = executor();
    for (;;) {
        const u64 group = launch.next.fetch_add(1);
        if (group >= launch.groups || launch.failed.load()) return;
        run_group(e, launch, group);
    }
}

bool run_launch(Launch& launch)
{
    in_parallel(launch.groups, [&launch] { work_on(launch); });
    return !launch.failed.load();
}

// An access that the hardware of the host refuses, inside a kernel: becomes an error of the kernel.
static struct sigaction previous_segv, previous_bus, previous_fpe;

static void on_signal(int signal, siginfo_t* info, void* context)
{
    auto* user = static_cast<ucontext_t*>(context);
    if (current != nullptr) {
        Executor& e = executor();
        e.fault_address = info->si_addr;
        e.fault_signal = signal;
#if defined(__x86_64__)
        e.fault_code = reinterpret_cast<const void*>(user->uc_mcontext.gregs[REG_RIP]);
        user->uc_mcontext.gregs[REG_RIP] = reinterpret_cast<greg_t>(&sgl_fault_landing);
#else
        e.fault_code = reinterpret_cast<const void*>(user->uc_mcontext.pc);
        user->uc_mcontext.pc = reinterpret_cast<u64>(&sgl_fault_landing);
#endif
        return;
    }
    const struct sigaction& previous = signal == SIGSEGV ? previous_segv : signal == SIGBUS ? previous_bus : previous_fpe;
    if (previous.sa_flags & SA_SIGINFO) previous.sa_sigaction(signal, info, context);
    else if (previous.sa_handler != SIG_DFL && previous.sa_handler != SIG_IGN) previous.sa_handler(signal);
    else {
        sigaction(signal, &previous, nullptr);
        raise(signal);
    }
}

void catch_faults()
{
    static std::once_flag once;
    std::call_once(once, [] {
        struct sigaction action{};
        action.sa_sigaction = on_signal;
        action.sa_flags = SA_SIGINFO | SA_ONSTACK | SA_NODEFER;
        sigaction(SIGSEGV, &action, &previous_segv);
        sigaction(SIGBUS, &action, &previous_bus);
        sigaction(SIGFPE, &action, &previous_fpe);
    });
}

}  // namespace sgl_host

using namespace sgl_host;

extern "C" [[noreturn]] void sgl_fiber_start()
{
    for (;;) {
        Fiber* self = current;
        Launch& launch = launch_of(self);
        launch.entry(launch.arguments.data());
        finish(self);
        Executor& e = executor();
        Fiber* next = e.group.pick();
        if (next == nullptr || launch.failed.load(std::memory_order_relaxed)) {
            e.give_stack(self);
            leave_to_main();
        }
        if (next->stack_pointer == nullptr) {
            // The next thread begins where this one began, on the same stack.
            next->stack = self->stack;
            next->stack_pointer = next->stack;
            self->stack = nullptr;
            current = next;
            continue;
        }
        e.give_stack(self);
        current = next;
        sgl_switch(&self->stack_pointer, next->stack_pointer);
        __builtin_unreachable();
    }
}

extern "C" [[noreturn]] __attribute__((visibility("hidden"), used)) void sgl_on_fault()
{
    Executor& e = executor();
    const void* code = e.fault_code;
    if (e.fault_signal == SIGFPE) fail("an integer division by zero", code);
    fail("an access to " + describe_address(e.fault_address), code);
}
