// Checks of memory accesses: bounds, initialisation, and order between threads.
#pragma once
#include "block.h"
#include <functional>
#include <mutex>

namespace sgl_host {

inline constexpr std::size_t kWindowGuard = 1024;

enum class Access : u8 { Read, Write, Atomic, AsyncRead, AsyncWrite };

BlockChecks* begin_checks(BlockChecks* reused, Block& block);
void check_access(const void* address, std::size_t bytes, Access access, const void* code);
bool window_damaged(const Block& block);
std::string describe_address(const void* address);

// Order between threads. Each call is made by the fiber concerned, or by the last one to arrive for all.
void order_barrier(Block& block);
void order_warp(Warp& warp, u32 mask);
void order_cluster(Group& group);
void order_named(Block& block, const std::vector<Fiber*>& members);
void order_arrive(MemoryBarrier& barrier);
void order_acquire(const std::vector<u32>& clocks);
void order_fence();
void order_proxy_fence();
void order_atomic(const void* address);

// cp.async: the data of copies in groups up to all but `pending` arrive.
void complete_copies(Fiber* fiber, u32 pending, const void* code);
void mark_pending(void* shared, std::size_t bytes);
void clear_pending(Block& block, void* shared, std::size_t bytes);
u32 order_async_begin();
void order_async_end(Block& owner, std::vector<u32>& into);
u32 order_async_now();
void order_async_acquire(u32 clock);

// As the 32-bit addresses of shared memory count: the hardware keeps the first 1024 bytes for itself.
inline u64 sgl_host_offset(const void* shared, const Block& block) { return static_cast<u64>(static_cast<const char*>(shared) - block.window) + 1024; }

void retry_collectives(Warp& warp);
std::string describe_wait(const Fiber* fiber);
std::string describe_memory_barrier(const Fiber* fiber);
std::string module_position(const void* code);
void in_parallel(u64 pieces, const std::function<void()>& work);
void catch_faults();

}  // namespace sgl_host
