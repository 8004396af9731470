// Instructions of compute capability 9.0 (clusters, dependent launches, mbarriers, bulk copies) and of sm_90a (warp-group matrices).
// With primitives.cuh the only file with inline PTX; a host build replaces it by one with the same functions.
#pragma once
#include "include/sgl/primitives.cuh"

namespace sgl {

__device__ __forceinline__ u32 shared_address(const void* shared) { return static_cast<u32>(__cvta_generic_to_shared(shared)); }

// Clusters.

__device__ __forceinline__ u32 cluster_rank()
{
    u32 r;
    asm volatile("mov.u32 %0, %%cluster_ctarank;" : "=r"(r));
    return r;
}

__device__ __forceinline__ u32 cluster_size()
{
    u32 r;
    asm volatile("mov.u32 %0, %%cluster_nctarank;" : "=r"(r));
    return r;
}

__device__ __forceinline__ void cluster_arrive() { asm volatile("barrier.cluster.arrive.release.aligned;" ::: "memory"); }
__device__ __forceinline__ void cluster_wait() { asm volatile("barrier.cluster.wait.acquire.aligned;" ::: "memory"); }

// Where block `rank` of the cluster keeps what this block keeps at `shared`. That block must not have ended.
template <class T>
__device__ __forceinline__ T* cluster_shared(T* shared, u32 rank)
{
    u64 r;
    asm volatile("mapa.u64 %0, %1, %2;" : "=l"(r) : "l"(shared), "r"(rank));
    return reinterpret_cast<T*>(r);
}

// Programmatic dependent launch.

// From here on what the preceding grid wrote may be touched.
__device__ __forceinline__ void grid_dependency_wait() { asm volatile("griddepcontrol.wait;" ::: "memory"); }
// The next grid may begin; it waits for this one's memory by itself.
__device__ __forceinline__ void grid_dependency_launch() { asm volatile("griddepcontrol.launch_dependents;" ::: "memory"); }

// Barriers for some of a block's threads (whole warps); number 0 is __syncthreads.

__device__ __forceinline__ void named_barrier_sync(u32 barrier, u32 threads) { asm volatile("bar.sync %0, %1;" ::"r"(barrier), "r"(threads) : "memory"); }
__device__ __forceinline__ void named_barrier_arrive(u32 barrier, u32 threads) { asm volatile("bar.arrive %0, %1;" ::"r"(barrier), "r"(threads) : "memory"); }

// Barriers in shared memory. A phase ends when all arrivals and all announced bytes have come; waiting for parity p means waiting
// for the end of the first phase for p = 0, of the second for p = 1, and so on in turn.

struct alignas(8) MemoryBarrier { u64 opaque; };

__device__ __forceinline__ void barrier_init(MemoryBarrier* barrier, u32 arrivals)
{
    asm volatile("mbarrier.init.shared::cta.b64 [%0], %1;" ::"r"(shared_address(barrier)), "r"(arrivals) : "memory");
}

// Makes initialised barriers visible to the cluster and to bulk copies; a barrier of the threads must follow.
__device__ __forceinline__ void barrier_init_fence() { asm volatile("fence.mbarrier_init.release.cluster;" ::: "memory"); }

__device__ __forceinline__ void barrier_arrive(MemoryBarrier* barrier)
{
    asm volatile("mbarrier.arrive.shared::cta.b64 _, [%0];" ::"r"(shared_address(barrier)) : "memory");
}

// On the barrier of another block of the cluster.
__device__ __forceinline__ void barrier_arrive(MemoryBarrier* barrier, u32 rank)
{
    asm volatile("{ .reg .b32 r; mapa.shared::cluster.u32 r, %0, %1; mbarrier.arrive.release.cluster.shared::cluster.b64 _, [r]; }"
                 ::"r"(shared_address(barrier)), "r"(rank) : "memory");
}

// Arrives and announces bytes of bulk copies.
__device__ __forceinline__ void barrier_arrive_expect(MemoryBarrier* barrier, u32 bytes)
{
    asm volatile("mbarrier.arrive.expect_tx.shared::cta.b64 _, [%0], %1;" ::"r"(shared_address(barrier)), "r"(bytes) : "memory");
}

__device__ __forceinline__ bool barrier_test(MemoryBarrier* barrier, u32 parity)
{
    u32 done;
    asm volatile("{ .reg .pred p; mbarrier.try_wait.parity.shared::cta.b64 p, [%1], %2; selp.u32 %0, 1, 0, p; }"
                 : "=r"(done) : "r"(shared_address(barrier)), "r"(parity) : "memory");
    return done != 0;
}

__device__ __forceinline__ void barrier_wait(MemoryBarrier* barrier, u32 parity)
{
    while (!barrier_test(barrier, parity)) {}
}

// Orders ordinary accesses of this thread before later ones of the asynchronous proxy: bulk copies and warp-group matrices.
__device__ __forceinline__ void fence_async_proxy() { asm volatile("fence.proxy.async;" ::: "memory"); }

// Bulk copies: one thread starts them. Shared addresses are multiples of 128 with a tensor map, else of 16, as sizes are.

struct alignas(64) TensorMap { u64 opaque[16]; };

__device__ __forceinline__ void prefetch_tensor_map(const TensorMap* map) { asm volatile("prefetch.tensormap [%0];" ::"l"(map) : "memory"); }

__device__ __forceinline__ void tma_load(void* shared, const TensorMap* map, MemoryBarrier* barrier, i32 c0)
{
    asm volatile("cp.async.bulk.tensor.1d.shared::cluster.global.mbarrier::complete_tx::bytes [%0], [%1, {%3}], [%2];"
                 ::"r"(shared_address(shared)), "l"(map), "r"(shared_address(barrier)), "r"(c0) : "memory");
}

__device__ __forceinline__ void tma_load(void* shared, const TensorMap* map, MemoryBarrier* barrier, i32 c0, i32 c1)
{
    asm volatile("cp.async.bulk.tensor.2d.shared::cluster.global.mbarrier::complete_tx::bytes [%0], [%1, {%3, %4}], [%2];"
                 ::"r"(shared_address(shared)), "l"(map), "r"(shared_address(barrier)), "r"(c0), "r"(c1) : "memory");
}

__device__ __forceinline__ void tma_load(void* shared, const TensorMap* map, MemoryBarrier* barrier, i32 c0, i32 c1, i32 c2)
{
    asm volatile("cp.async.bulk.tensor.3d.shared::cluster.global.mbarrier::complete_tx::bytes [%0], [%1, {%3, %4, %5}], [%2];"
                 ::"r"(shared_address(shared)), "l"(map), "r"(shared_address(barrier)), "r"(c0), "r"(c1), "r"(c2) : "memory");
}

__device__ __forceinline__ void tma_load(void* shared, const TensorMap* map, MemoryBarrier* barrier, i32 c0, i32 c1, i32 c2, i32 c3)
{
    asm volatile("cp.async.bulk.tensor.4d.shared::cluster.global.mbarrier::complete_tx::bytes [%0], [%1, {%3, %4, %5, %6}], [%2];"
                 ::"r"(shared_address(shared)), "l"(map), "r"(shared_address(barrier)), "r"(c0), "r"(c1), "r"(c2), "r"(c3) : "memory");
}

__device__ __forceinline__ void tma_load(void* shared, const TensorMap* map, MemoryBarrier* barrier, i32 c0, i32 c1, i32 c2, i32 c3, i32 c4)
{
    asm volatile("cp.async.bulk.tensor.5d.shared::cluster.global.mbarrier::complete_tx::bytes [%0], [%1, {%3, %4, %5, %6, %7}], [%2];"
                 ::"r"(shared_address(shared)), "l"(map), "r"(shared_address(barrier)), "r"(c0), "r"(c1), "r"(c2), "r"(c3), "r"(c4) : "memory");
}

__device__ __forceinline__ void tma_store(const TensorMap* map, const void* shared, i32 c0)
{
    asm volatile("cp.async.bulk.tensor.1d.global.shared::cta.bulk_group [%0, {%2}], [%1];"
                 ::"l"(map), "r"(shared_address(shared)), "r"(c0) : "memory");
}

__device__ __forceinline__ void tma_store(const TensorMap* map, const void* shared, i32 c0, i32 c1)
{
    asm volatile("cp.async.bulk.tensor.2d.global.shared::cta.bulk_group [%0, {%2, %3}], [%1];"
                 ::"l"(map), "r"(shared_address(shared)), "r"(c0), "r"(c1) : "memory");
}

__device__ __forceinline__ void tma_store(const TensorMap* map, const void* shared, i32 c0, i32 c1, i32 c2)
{
    asm volatile("cp.async.bulk.tensor.3d.global.shared::cta.bulk_group [%0, {%2, %3, %4}], [%1];"
                 ::"l"(map), "r"(shared_address(shared)), "r"(c0), "r"(c1), "r"(c2) : "memory");
}

__device__ __forceinline__ void tma_store(const TensorMap* map, const void* shared, i32 c0, i32 c1, i32 c2, i32 c3)
{
    asm volatile("cp.async.bulk.tensor.4d.global.shared::cta.bulk_group [%0, {%2, %3, %4, %5}], [%1];"
                 ::"l"(map), "r"(shared_address(shared)), "r"(c0), "r"(c1), "r"(c2), "r"(c3) : "memory");
}

__device__ __forceinline__ void tma_store(const TensorMap* map, const void* shared, i32 c0, i32 c1, i32 c2, i32 c3, i32 c4)
{
    asm volatile("cp.async.bulk.tensor.5d.global.shared::cta.bulk_group [%0, {%2, %3, %4, %5, %6}], [%1];"
                 ::"l"(map), "r"(shared_address(shared)), "r"(c0), "r"(c1), "r"(c2), "r"(c3), "r"(c4) : "memory");
}

__device__ __forceinline__ void bulk_load(void* shared, const void* source, u32 bytes, MemoryBarrier* barrier)
{
    asm volatile("cp.async.bulk.shared::cluster.global.mbarrier::complete_tx::bytes [%0], [%1], %2, [%3];"
                 ::"r"(shared_address(shared)), "l"(source), "r"(bytes), "r"(shared_address(barrier)) : "memory");
}

__device__ __forceinline__ void bulk_store(void* destination, const void* shared, u32 bytes)
{
    asm volatile("cp.async.bulk.global.shared::cta.bulk_group [%0], [%1], %2;" ::"l"(destination), "r"(shared_address(shared)), "r"(bytes) : "memory");
}

__device__ __forceinline__ void bulk_commit() { asm volatile("cp.async.bulk.commit_group;" ::: "memory"); }
// At most `Pending` of this thread's newest groups of stores still read shared memory …
template <int Pending> __device__ __forceinline__ void bulk_wait_read() { asm volatile("cp.async.bulk.wait_group.read %0;" ::"n"(Pending) : "memory"); }
// … or have not been written yet.
template <int Pending> __device__ __forceinline__ void bulk_wait() { asm volatile("cp.async.bulk.wait_group %0;" ::"n"(Pending) : "memory"); }

// Registers per thread of a warp group, taken from or given to the other groups of the block; a multiple of 8.
template <int Registers> __device__ __forceinline__ void registers_increase() { asm volatile("setmaxnreg.inc.sync.aligned.u32 %0;" ::"n"(Registers)); }
template <int Registers> __device__ __forceinline__ void registers_decrease() { asm volatile("setmaxnreg.dec.sync.aligned.u32 %0;" ::"n"(Registers)); }

// Matrices of a warp group (four warps, the first a multiple of four).

enum class Swizzle { None = 0, Bytes128 = 1, Bytes64 = 2, Bytes32 = 3 };

// A tile in shared memory. K-major: `stride` bytes between groups of 8 rows; without swizzle also `leading` bytes between 16-byte
// columns. Otherwise `leading` bytes between the widths of the swizzle and `stride` between groups of 8 in k (unswizzled: reversed).
__device__ __forceinline__ u64 matrix_descriptor(const void* shared, Swizzle swizzle, u32 leading, u32 stride)
{
    return static_cast<u64>((shared_address(shared) & 0x3ffffu) >> 4) | static_cast<u64>(leading >> 4) << 16 | static_cast<u64>(stride >> 4) << 32
        | static_cast<u64>(swizzle) << 62;
}

// Before the first product, and after registers that it reads were written otherwise.
__device__ __forceinline__ void wgmma_fence() { asm volatile("wgmma.fence.sync.aligned;" ::: "memory"); }
__device__ __forceinline__ void wgmma_commit() { asm volatile("wgmma.commit_group.sync.aligned;" ::: "memory"); }
template <int Pending> __device__ __forceinline__ void wgmma_wait() { asm volatile("wgmma.wait_group.sync.aligned %0;" ::"n"(Pending) : "memory"); }

#define SGL_SUM_4(i) "+f"(c[i]), "+f"(c[i + 1]), "+f"(c[i + 2]), "+f"(c[i + 3])
#define SGL_SUM_8(i) SGL_SUM_4(i), SGL_SUM_4(i + 4)
#define SGL_SUM_16(i) SGL_SUM_8(i), SGL_SUM_8(i + 8)
#define SGL_SUM_32(i) SGL_SUM_16(i), SGL_SUM_16(i + 16)
#define SGL_SUM_48(i) SGL_SUM_32(i), SGL_SUM_16(i + 32)
#define SGL_SUM_64(i) SGL_SUM_32(i), SGL_SUM_32(i + 32)
#define SGL_SUM_96(i) SGL_SUM_64(i), SGL_SUM_32(i + 64)
#define SGL_SUM_128(i) SGL_SUM_64(i), SGL_SUM_64(i + 64)
#define SGL_REGISTERS_4 "%0, %1, %2, %3"
#define SGL_REGISTERS_8 SGL_REGISTERS_4 ", %4, %5, %6, %7"
#define SGL_REGISTERS_16 SGL_REGISTERS_8 ", %8, %9, %10, %11, %12, %13, %14, %15"
#define SGL_REGISTERS_32 SGL_REGISTERS_16 ", %16, %17, %18, %19, %20, %21, %22, %23, %24, %25, %26, %27, %28, %29, %30, %31"
#define SGL_REGISTERS_48 SGL_REGISTERS_32 ", %32, %33, %34, %35, %36, %37, %38, %39, %40, %41, %42, %43, %44, %45, %46, %47"
#define SGL_REGISTERS_64 SGL_REGISTERS_48 ", %48, %49, %50, %51, %52, %53, %54, %55, %56, %57, %58, %59, %60, %61, %62, %63"
#define SGL_REGISTERS_96 SGL_REGISTERS_64 ", %64, %65, %66, %67, %68, %69, %70, %71, %72, %73, %74, %75, %76, %77, %78, %79" \
    ", %80, %81, %82, %83, %84, %85, %86, %87, %88, %89, %90, %91, %92, %93, %94, %95"
#define SGL_REGISTERS_128 SGL_REGISTERS_96 ", %96, %97, %98, %99, %100, %101, %102, %103, %104, %105, %106, %107, %108, %109, %110, %111" \
    ", %112, %113, %114, %115, %116, %117, %118, %119, %120, %121, %122, %123, %124, %125, %126, %127"
// n columns, their half, and the numbers of the operands behind the sums.
#define SGL_WGMMA(n, half, o0, o1, o2) \
    if constexpr (N == n) asm volatile("{ .reg .pred p; setp.ne.b32 p, %" #o2 ", 0; wgmma.mma_async.sync.aligned.m64n" #n SGL_SHAPE \
        " {" SGL_REGISTERS_##half "}, %" #o0 ", %" #o1 ", p, 1, 1" SGL_TRANSPOSE "; }" : SGL_SUM_##half(0) : "l"(a), "l"(b), "r"(static_cast<u32>(accumulate)) : "memory");
#define SGL_WGMMA_ALL \
    SGL_WGMMA(8, 4, 4, 5, 6) else SGL_WGMMA(16, 8, 8, 9, 10) else SGL_WGMMA(32, 16, 16, 17, 18) else SGL_WGMMA(64, 32, 32, 33, 34) \
    else SGL_WGMMA(96, 48, 48, 49, 50) else SGL_WGMMA(128, 64, 64, 65, 66) else SGL_WGMMA(192, 96, 96, 97, 98) else SGL_WGMMA(256, 128, 128, 129, 130)
#define SGL_WGMMA_REGISTERS(n, half, o0, o1, o2, o3, o4, o5) \
    if constexpr (N == n) asm volatile("{ .reg .pred p; setp.ne.b32 p, %" #o5 ", 0; wgmma.mma_async.sync.aligned.m64n" #n SGL_SHAPE \
        " {" SGL_REGISTERS_##half "}, {%" #o0 ", %" #o1 ", %" #o2 ", %" #o3 "}, %" #o4 ", p, 1, 1" SGL_TRANSPOSE "; }" \
        : SGL_SUM_##half(0) : "r"(a[0]), "r"(a[1]), "r"(a[2]), "r"(a[3]), "l"(b), "r"(static_cast<u32>(accumulate)) : "memory");
#define SGL_WGMMA_REGISTERS_ALL \
    SGL_WGMMA_REGISTERS(8, 4, 4, 5, 6, 7, 8, 9) else SGL_WGMMA_REGISTERS(16, 8, 8, 9, 10, 11, 12, 13) else SGL_WGMMA_REGISTERS(32, 16, 16, 17, 18, 19, 20, 21) \
    else SGL_WGMMA_REGISTERS(64, 32, 32, 33, 34, 35, 36, 37) else SGL_WGMMA_REGISTERS(96, 48, 48, 49, 50, 51, 52, 53) \
    else SGL_WGMMA_REGISTERS(128, 64, 64, 65, 66, 67, 68, 69) else SGL_WGMMA_REGISTERS(192, 96, 96, 97, 98, 99, 100, 101) \
    else SGL_WGMMA_REGISTERS(256, 128, 128, 129, 130, 131, 132, 133)

template <int N> inline constexpr bool kWgmmaColumns = N == 8 || N == 16 || N == 32 || N == 64 || N == 96 || N == 128 || N == 192 || N == 256;

// c [64, N] (+)= a [64, k] · b [k, N] with k = 32 bytes of T (bf16, fp16, fp8_e4m3, fp8_e5m2). A thread holds rows lane / 4 and + 8 of
// its warp's 16, columns 2 · (lane % 4) and + 1 of every 8. Only 16-bit types may lie otherwise than K-major.
template <class T, int N, bool TransposedA = false, bool TransposedB = false>
__device__ __forceinline__ void wgmma(float (&c)[N / 2], u64 a, u64 b, bool accumulate)
{
    static_assert(kWgmmaColumns<N>);
    if constexpr (sizeof(T) == 1) {
        static_assert(!TransposedA && !TransposedB);
#define SGL_TRANSPOSE ""
#define SGL_SHAPE "k32.f32.e4m3.e4m3"
        if constexpr (same_type<T, fp8_e4m3>) { SGL_WGMMA_ALL }
#undef SGL_SHAPE
#define SGL_SHAPE "k32.f32.e5m2.e5m2"
        if constexpr (same_type<T, fp8_e5m2>) { SGL_WGMMA_ALL }
#undef SGL_SHAPE
#undef SGL_TRANSPOSE
    }
#define SGL_SHAPE "k16.f32.bf16.bf16"
    if constexpr (same_type<T, bf16>) {
#define SGL_TRANSPOSE ", 0, 0"
        if constexpr (!TransposedA && !TransposedB) { SGL_WGMMA_ALL }
#undef SGL_TRANSPOSE
#define SGL_TRANSPOSE ", 0, 1"
        if constexpr (!TransposedA && TransposedB) { SGL_WGMMA_ALL }
#undef SGL_TRANSPOSE
#define SGL_TRANSPOSE ", 1, 0"
        if constexpr (TransposedA && !TransposedB) { SGL_WGMMA_ALL }
#undef SGL_TRANSPOSE
#define SGL_TRANSPOSE ", 1, 1"
        if constexpr (TransposedA && TransposedB) { SGL_WGMMA_ALL }
#undef SGL_TRANSPOSE
    }
#undef SGL_SHAPE
#define SGL_SHAPE "k16.f32.f16.f16"
    if constexpr (same_type<T, fp16>) {
#define SGL_TRANSPOSE ", 0, 0"
        if constexpr (!TransposedA && !TransposedB) { SGL_WGMMA_ALL }
#undef SGL_TRANSPOSE
#define SGL_TRANSPOSE ", 0, 1"
        if constexpr (!TransposedA && TransposedB) { SGL_WGMMA_ALL }
#undef SGL_TRANSPOSE
#define SGL_TRANSPOSE ", 1, 0"
        if constexpr (TransposedA && !TransposedB) { SGL_WGMMA_ALL }
#undef SGL_TRANSPOSE
#define SGL_TRANSPOSE ", 1, 1"
        if constexpr (TransposedA && TransposedB) { SGL_WGMMA_ALL }
#undef SGL_TRANSPOSE
    }
#undef SGL_SHAPE
}

// The same with a from registers, in the fragments of mma_16x8x16; 16-bit types.
template <class T, int N, bool TransposedB = false>
__device__ __forceinline__ void wgmma(float (&c)[N / 2], const u32 (&a)[4], u64 b, bool accumulate)
{
    static_assert(kWgmmaColumns<N> && sizeof(T) == 2);
#define SGL_SHAPE "k16.f32.bf16.bf16"
    if constexpr (same_type<T, bf16>) {
#define SGL_TRANSPOSE ", 0"
        if constexpr (!TransposedB) { SGL_WGMMA_REGISTERS_ALL }
#undef SGL_TRANSPOSE
#define SGL_TRANSPOSE ", 1"
        if constexpr (TransposedB) { SGL_WGMMA_REGISTERS_ALL }
#undef SGL_TRANSPOSE
    }
#undef SGL_SHAPE
#define SGL_SHAPE "k16.f32.f16.f16"
    if constexpr (same_type<T, fp16>) {
#define SGL_TRANSPOSE ", 0"
        if constexpr (!TransposedB) { SGL_WGMMA_REGISTERS_ALL }
#undef SGL_TRANSPOSE
#define SGL_TRANSPOSE ", 1"
        if constexpr (TransposedB) { SGL_WGMMA_REGISTERS_ALL }
#undef SGL_TRANSPOSE
    }
#undef SGL_SHAPE
}

#undef SGL_WGMMA
#undef SGL_WGMMA_ALL
#undef SGL_WGMMA_REGISTERS
#undef SGL_WGMMA_REGISTERS_ALL

}  // namespace sgl
