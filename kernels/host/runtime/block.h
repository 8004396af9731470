// The threads of blocks: fibers of one operating-system thread, and what they wait for.
#pragma once
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <map>
#include <string>
#include <unordered_map>
#include <vector>

namespace sgl_host {

using u8 = std::uint8_t;
using u16 = std::uint16_t;
using u32 = std::uint32_t;
using u64 = std::uint64_t;

struct Block;
struct Group;
struct Warp;
struct Fiber;
struct Device;
struct Module;
struct BlockChecks;
struct ThreadChecks;

inline constexpr int kWarp = 32;
inline constexpr std::size_t kStack = 64 << 10;

enum class Waits : u8 { Nothing, Start, Barrier, NamedBarrier, Warp, ClusterBarrier, MemoryBarrier, Turn, Done };

// The collective operations of a warp, in which all lanes of a mask take part.
enum class WarpOp : u8 { None, Sync, Shuffle, Ballot, Match, Reduce, LoadMatrix, Mma, Wgmma };

struct AsyncCopy {
    void* to;
    const void* from;   // null: zeros
    u32 bytes;
    u32 group;
};

// Groups of asynchronous operations of one thread, as the step of the asynchronous proxy at which each ended.
struct AsyncGroups {
    u32 newest = 0;
    bool open = false;
    std::vector<u32> committed;
};

// One thread of a block.
struct Fiber {
    void* stack_pointer;        // null until it first runs
    char* stack;
    Block* block;
    u16 thread;                 // index in the block
    Waits waits;
    WarpOp op;
    u32 mask;                   // of the pending collective
    void* operands;             // of the pending collective, on this fiber's stack
    void (*operate)(Warp& warp, Fiber* lanes, u32 mask);
    const void* code;           // return address of the call that waits, for messages
    const void* memory_barrier;
    u32 x, y, z;                // threadIdx
    u32 async_groups;           // committed
    u32 atomics;                // since the last turn given to others
    bool waited_for_grid;
    u32 cluster_phase;
    std::vector<AsyncCopy> copies;
    AsyncGroups bulk, wgmma;
    ThreadChecks* checks;

    int lane() const { return thread % kWarp; }
    int warp() const { return thread / kWarp; }
};

struct Warp {
    Block* block;
    u32 exists, ready, yielded, waiting, done;
    bool queued;
};

struct NamedBarrier {
    u32 threads, arrived;
    std::vector<Fiber*> waiting;
};

struct Block {
    Group* group;
    Fiber* fibers;
    Warp* warps;
    u32 x, y, z;                // blockIdx
    u32 rank;                   // in the cluster, or in the whole cooperative grid
    int threads, live, at_barrier, at_cluster_barrier;
    u32 cluster_phase;
    int votes_true;
    int vote_result[3];
    char* window;               // shared memory: static part, then dynamic part
    std::size_t static_bytes, dynamic_offset, dynamic_bytes, window_bytes;
    std::map<u32, NamedBarrier> named;
    BlockChecks* checks;        // null when memory is not checked
};

// An mbarrier object as the hardware keeps it in 64 bits, here beside the memory.
struct MemoryBarrier {
    u32 expected = 0;           // arrivals of a phase
    long pending = 0;           // arrivals still missing in this one
    long bytes = 0;             // transaction bytes still missing
    u32 phase = 0;
    std::vector<Fiber*> waiting;
    std::vector<u32> arriving, completed;   // clocks, when checked
};

struct Dim {
    u32 x = 1, y = 1, z = 1;
    u64 count() const { return static_cast<u64>(x) * y * z; }
};

struct Launch {
    Device* device = nullptr;
    const Module* module = nullptr;
    std::string kernel;
    void (*entry)(void* const*) = nullptr;
    std::vector<void*> arguments;
    std::vector<char> parameters;
    Dim grid, block, cluster;
    u32 dynamic_bytes = 0;
    bool cooperative = false, dependent = false, clustered = false;
    u32 tag = 0, previous_tag = 0;      // of this grid's and the preceding one's writes
    std::atomic<u64> next{0};
    std::atomic<bool> failed{false};
    u64 groups = 0;
    u64 group_blocks = 1;
    std::string error;                  // guarded by the device's lock
};

// Blocks that run side by side: one, a cluster, or a whole cooperative grid.
struct Group {
    Launch* launch;
    std::vector<Block> blocks;
    std::vector<Fiber> fibers;
    std::vector<Warp> warps;
    std::vector<Warp*> queue;           // ring
    std::size_t head = 0, count = 0;
    std::unordered_map<const void*, MemoryBarrier> memory_barriers;
    std::vector<u32> base_clocks;
    u64 live = 0;

    void push(Warp* warp);
    Fiber* pick();
    void wake(Fiber* fiber);
};

// The fiber that this operating-system thread runs; null outside kernels.
extern thread_local Fiber* current __attribute__((tls_model("initial-exec")));

[[noreturn]] void fail(const std::string& what, const void* code);
void wait(Waits reason, const void* code);      // until wake()
void give_turn(const void* code);
std::string name_thread(const Fiber* fiber);
std::string name_code(const void* code);
bool run_launch(Launch& launch);                // on the calling thread and the pool's

// Collective of the lanes of `mask`; `operate` runs once, on the lane that comes last, and sees every lane's operands.
using Operate = void (*)(Warp& warp, Fiber* lanes, u32 mask);
void warp_collective(WarpOp op, u32 mask, void* operands, Operate operate, const void* code);

#define SGL_CODE __builtin_return_address(0)

}  // namespace sgl_host
