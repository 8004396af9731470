// The host's version of include/sgl/hopper.cuh: the same functions, emulated.
#pragma once
#include "include/sgl/primitives.cuh"

extern "C" {
void sgl_cluster_arrive();
void sgl_cluster_wait();
void* sgl_cluster_shared(const void* shared, unsigned rank);
void sgl_grid_wait();
void sgl_barrier_init(void* barrier, unsigned arrivals);
void sgl_barrier_arrive(void* barrier, unsigned bytes);
int sgl_barrier_test(void* barrier, unsigned parity, int wait);
void sgl_fence_async_proxy();
void sgl_tma_load(void* shared, const void* map, void* barrier, int rank, const int* coordinates);
void sgl_tma_store(const void* map, const void* shared, int rank, const int* coordinates);
void sgl_bulk_load(void* shared, const void* source, unsigned bytes, void* barrier);
void sgl_bulk_store(void* destination, const void* shared, unsigned bytes);
void sgl_bulk_commit();
void sgl_bulk_wait(int pending);
void sgl_wgmma(float* c, const unsigned* registers, unsigned long long a, unsigned long long b, int columns, int type, int transposed_a, int transposed_b, int accumulate);
void sgl_wgmma_commit();
void sgl_wgmma_wait(int pending);
}

namespace sgl {

__device__ __forceinline__ u32 shared_address(const void* shared) { return sgl_shared_offset(shared); }

__device__ __forceinline__ u32 cluster_rank() { return sgl_index(sgl_host::kClusterRank); }
__device__ __forceinline__ u32 cluster_size() { return sgl_index(sgl_host::kClusterSize); }
__device__ __forceinline__ void cluster_arrive() { sgl_cluster_arrive(); }
__device__ __forceinline__ void cluster_wait() { sgl_cluster_wait(); }
template <class T> __device__ __forceinline__ T* cluster_shared(T* shared, u32 rank) { return static_cast<T*>(sgl_cluster_shared(shared, rank)); }

__device__ __forceinline__ void grid_dependency_wait() { sgl_grid_wait(); }
__device__ __forceinline__ void grid_dependency_launch() {}

__device__ __forceinline__ void named_barrier_sync(u32 barrier, u32 threads) { sgl_named_barrier(barrier, threads, 1); }
__device__ __forceinline__ void named_barrier_arrive(u32 barrier, u32 threads) { sgl_named_barrier(barrier, threads, 0); }

struct alignas(8) MemoryBarrier { u64 opaque; };

__device__ __forceinline__ void barrier_init(MemoryBarrier* barrier, u32 arrivals) { sgl_barrier_init(barrier, arrivals); }
__device__ __forceinline__ void barrier_init_fence() {}
__device__ __forceinline__ void barrier_arrive(MemoryBarrier* barrier) { sgl_barrier_arrive(barrier, 0); }
__device__ __forceinline__ void barrier_arrive(MemoryBarrier* barrier, u32 rank) { sgl_barrier_arrive(sgl_cluster_shared(barrier, rank), 0); }
__device__ __forceinline__ void barrier_arrive_expect(MemoryBarrier* barrier, u32 bytes) { sgl_barrier_arrive(barrier, bytes); }
__device__ __forceinline__ bool barrier_test(MemoryBarrier* barrier, u32 parity) { return sgl_barrier_test(barrier, parity, 0) != 0; }
__device__ __forceinline__ void barrier_wait(MemoryBarrier* barrier, u32 parity) { sgl_barrier_test(barrier, parity, 1); }
__device__ __forceinline__ void fence_async_proxy() { sgl_fence_async_proxy(); }

struct alignas(64) TensorMap { u64 opaque[16]; };

__device__ __forceinline__ void prefetch_tensor_map(const TensorMap*) {}
template <class... C>
__device__ __forceinline__ void tma_load(void* shared, const TensorMap* map, MemoryBarrier* barrier, C... coordinates)
{
    const i32 at[] = {static_cast<i32>(coordinates)...};
    sgl_tma_load(shared, map, barrier, static_cast<int>(sizeof...(C)), at);
}
template <class... C>
__device__ __forceinline__ void tma_store(const TensorMap* map, const void* shared, C... coordinates)
{
    const i32 at[] = {static_cast<i32>(coordinates)...};
    sgl_tma_store(map, shared, static_cast<int>(sizeof...(C)), at);
}
__device__ __forceinline__ void bulk_load(void* shared, const void* source, u32 bytes, MemoryBarrier* barrier) { sgl_bulk_load(shared, source, bytes, barrier); }
__device__ __forceinline__ void bulk_store(void* destination, const void* shared, u32 bytes) { sgl_bulk_store(destination, shared, bytes); }
__device__ __forceinline__ void bulk_commit() { sgl_bulk_commit(); }
template <int Pending> __device__ __forceinline__ void bulk_wait_read() { sgl_bulk_wait(Pending); }
template <int Pending> __device__ __forceinline__ void bulk_wait() { sgl_bulk_wait(Pending); }

template <int Registers> __device__ __forceinline__ void registers_increase() { static_assert(Registers % 8 == 0 && Registers >= 24 && Registers <= 256); }
template <int Registers> __device__ __forceinline__ void registers_decrease() { static_assert(Registers % 8 == 0 && Registers >= 24 && Registers <= 256); }

enum class Swizzle { None = 0, Bytes128 = 1, Bytes64 = 2, Bytes32 = 3 };

__device__ __forceinline__ u64 matrix_descriptor(const void* shared, Swizzle swizzle, u32 leading, u32 stride)
{
    return static_cast<u64>((shared_address(shared) & 0x3ffffu) >> 4) | static_cast<u64>(leading >> 4) << 16 | static_cast<u64>(stride >> 4) << 32
        | static_cast<u64>(swizzle) << 62;
}

__device__ __forceinline__ void wgmma_fence() {}
__device__ __forceinline__ void wgmma_commit() { sgl_wgmma_commit(); }
template <int Pending> __device__ __forceinline__ void wgmma_wait() { sgl_wgmma_wait(Pending); }

template <int N> inline constexpr bool kWgmmaColumns = N == 8 || N == 16 || N == 32 || N == 64 || N == 96 || N == 128 || N == 192 || N == 256;
template <class T> inline constexpr int kWgmmaType = same_type<T, bf16> ? 1 : same_type<T, fp16> ? 2 : same_type<T, fp8_e4m3> ? 3 : 4;

template <class T, int N, bool TransposedA = false, bool TransposedB = false>
__device__ __forceinline__ void wgmma(float (&c)[N / 2], u64 a, u64 b, bool accumulate)
{
    static_assert(kWgmmaColumns<N> && (sizeof(T) == 2 || (!TransposedA && !TransposedB)));
    sgl_wgmma(c, nullptr, a, b, N, kWgmmaType<T>, TransposedA, TransposedB, accumulate);
}

template <class T, int N, bool TransposedB = false>
__device__ __forceinline__ void wgmma(float (&c)[N / 2], const u32 (&a)[4], u64 b, bool accumulate)
{
    static_assert(kWgmmaColumns<N> && sizeof(T) == 2);
    sgl_wgmma(c, a, 0, b, N, kWgmmaType<T>, false, TransposedB, accumulate);
}

}  // namespace sgl
