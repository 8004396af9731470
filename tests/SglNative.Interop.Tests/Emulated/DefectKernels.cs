using SglNative.Interop.Kernels;
using SglNative.Interop.Tests.Kernels;

namespace SglNative.Interop.Tests.Emulated;

/// <summary>Kernels each of which has one defect, and a correct counterpart where the difference is one line.</summary>
internal static class DefectKernels
{
    private const string Text = """
        #include "include/sgl/hopper.cuh"

        using namespace sgl;

        struct alignas(64) Args { TensorMap map; int* data; int* other; int count; };
        #define KERNEL(name) extern "C" __global__ void name(const __grid_constant__ Args a)

        KERNEL(read_past_end) { if (blockIdx.x == 1 && threadIdx.x == 37) a.data[0] = a.data[a.count]; }
        KERNEL(write_before_start) { if (threadIdx.x == 5) a.data[-1] = 1; }
        KERNEL(freed) { a.other[threadIdx.x] = 1; }

        KERNEL(shared_past_end)
        {
            __shared__ int first[64];
            __shared__ int second[64];
            int* p = first;
            second[threadIdx.x] = 0;
            p[threadIdx.x + a.count] = 1;      // count is 1: the last thread leaves `first`
            __syncthreads();
            a.data[threadIdx.x] = first[1] + second[threadIdx.x];
        }
        KERNEL(shared_before_start)
        {
            __shared__ int values[64];
            int* p = values;
            p[static_cast<int>(threadIdx.x) - a.count] = 1;      // count is 1
            __syncthreads();
            a.data[threadIdx.x] = values[0];
        }
        KERNEL(dynamic_past_end)
        {
            SGL_DYNAMIC_SHARED(memory);
            reinterpret_cast<int*>(memory)[threadIdx.x + 1] = 1;
        }
        KERNEL(index_outside)
        {
            int local[4] = {1, 2, 3, 4};
            a.data[threadIdx.x] = local[threadIdx.x + a.count];
        }

        KERNEL(uninitialized_global) { a.data[threadIdx.x] = a.other[threadIdx.x]; }
        KERNEL(uninitialized_shared)
        {
            __shared__ int values[64];
            if (threadIdx.x < 63) values[threadIdx.x] = 1;
            __syncthreads();
            a.data[threadIdx.x] = values[threadIdx.x];
        }

        KERNEL(misaligned)
        {
            const float4 v = *reinterpret_cast<const float4*>(a.data + 1);
            a.data[threadIdx.x] = static_cast<int>(v.x);
        }

        KERNEL(barrier_for_some)
        {
            if (threadIdx.x < 32) __syncthreads();
            a.data[threadIdx.x] = 1;
        }
        KERNEL(barrier_in_turns)
        {
            if (threadIdx.x >= 32) __syncthreads();
            else named_barrier_sync(1, 64);
        }
        KERNEL(warp_for_some)
        {
            int v = threadIdx.x;
            if (threadIdx.x % 32 != 7) v = __shfl_xor_sync(0xffffffffu, v, 1);
            else __syncthreads();
            a.data[threadIdx.x] = v;
        }

        template <bool Right> __global__ void shared_race(const __grid_constant__ Args a)
        {
            __shared__ int values[64];
            values[threadIdx.x] = 0;
            __syncthreads();
            values[threadIdx.x] = threadIdx.x;
            if (Right) __syncthreads();
            a.data[threadIdx.x] = values[63 - threadIdx.x];
        }
        template <bool Right> __global__ void warp_race(const __grid_constant__ Args a)
        {
            __shared__ int values[64];
            values[threadIdx.x] = 0;
            __syncthreads();
            values[threadIdx.x] = threadIdx.x;
            if (Right) __syncwarp();
            a.data[threadIdx.x] = values[threadIdx.x ^ 1];
        }
        template <bool Right> __global__ void global_race(const __grid_constant__ Args a)
        {
            if (threadIdx.x < 32) a.data[0] = 1;
            if (Right) __syncthreads();
        }
        template <bool Right> __global__ void one_writer(const __grid_constant__ Args a)
        {
            if (threadIdx.x == 32) a.data[0] = 1;
            if (Right) __syncthreads();
            if (threadIdx.x == 0) a.data[1] = a.data[0];
        }
        template <bool Right> __global__ void buffer_race(const __grid_constant__ Args a)
        {
            // What is read is overwritten in the next round.
            __shared__ int value;
            for (int i = 0; i < 3; i++)
            {
                if (threadIdx.x == 0) value = i;
                __syncthreads();
                a.data[threadIdx.x] = value;
                if (Right) __syncthreads();
            }
        }
        template <bool Right> __global__ void atomic_race(const __grid_constant__ Args a)
        {
            if (threadIdx.x == 40) a.data[0] = 1;
            if (Right) __syncthreads();
            if (threadIdx.x == 3) atomicAdd(&a.data[0], 1);
        }
        template <bool Right> __global__ void flag(const __grid_constant__ Args a)
        {
            // Data published by an atomic operation needs fences.
            __shared__ int value, ready;
            if (threadIdx.x == 0) ready = 0;
            __syncthreads();
            if (threadIdx.x == 32)
            {
                value = 7;
                if (Right) __threadfence_block();
                atomicExch(&ready, 1);
            }
            if (threadIdx.x == 0)
            {
                while (atomicAdd(&ready, 0) == 0) {}
                if (Right) __threadfence_block();
                a.data[0] = value;
            }
        }

        KERNEL(producer) { a.data[threadIdx.x] = threadIdx.x; }
        template <bool Right> __global__ void consumer(const __grid_constant__ Args a)
        {
            if (Right) grid_dependency_wait();
            a.other[threadIdx.x] = a.data[threadIdx.x];
        }

        template <bool Right> __global__ void overwriter(const __grid_constant__ Args a)
        {
            if (Right) grid_dependency_wait();
            a.data[threadIdx.x] = 1;
        }

        template <int Right> __global__ void async_copy(const __grid_constant__ Args a)
        {
            __shared__ __align__(16) int staged[256];
            for (int i = threadIdx.x; i < 256; i += blockDim.x) staged[i] = 0;
            __syncthreads();
            copy_async_16(staged + 4 * threadIdx.x, a.data + 4 * threadIdx.x, true);
            copy_async_commit();
            if (Right >= 1) copy_async_wait<0>();
            if (Right >= 2) __syncthreads();
            a.other[threadIdx.x] = staged[4 * (threadIdx.x ^ (Right >= 1 ? 33 : 0))];
        }

        template <bool Right> __global__ void bulk_copy(const __grid_constant__ Args a)
        {
            __shared__ __align__(128) int staged[64];
            __shared__ MemoryBarrier barrier;
            if (threadIdx.x == 0)
            {
                barrier_init(&barrier, 1);
                barrier_init_fence();
                barrier_arrive_expect(&barrier, sizeof(staged));
                bulk_load(staged, a.data, sizeof(staged), &barrier);
            }
            __syncthreads();
            if (Right) barrier_wait(&barrier, 0);
            a.other[threadIdx.x] = staged[threadIdx.x];
        }

        template <bool Right> __global__ void bulk_store_unfenced(const __grid_constant__ Args a)
        {
            __shared__ __align__(128) int staged[64];
            staged[threadIdx.x] = threadIdx.x;
            if (Right) fence_async_proxy();
            __syncthreads();
            if (threadIdx.x == 0)
            {
                bulk_store(a.data, staged, sizeof(staged));
                bulk_commit();
                bulk_wait<0>();
            }
        }

        template <bool Right> __global__ void tensor_copy(const __grid_constant__ Args a)
        {
            __shared__ __align__(128) int staged[8 * 4];
            __shared__ MemoryBarrier barrier;
            if (threadIdx.x == 0)
            {
                barrier_init(&barrier, 1);
                barrier_init_fence();
                barrier_arrive_expect(&barrier, sizeof(staged));
                tma_load(staged, &a.map, &barrier, 0, 0);
            }
            __syncthreads();
            if (Right) barrier_wait(&barrier, 0);
            a.other[threadIdx.x] = staged[threadIdx.x % 32];
        }

        template <bool Right> __global__ void tensor_store_unfenced(const __grid_constant__ Args a)
        {
            __shared__ __align__(128) int staged[8 * 4];
            if (threadIdx.x < 32) staged[threadIdx.x] = threadIdx.x;
            if (Right) fence_async_proxy();
            __syncthreads();
            if (threadIdx.x == 0)
            {
                tma_store(&a.map, staged, 0, 0);
                bulk_commit();
                bulk_wait<0>();
            }
        }

        template <bool Right> __global__ void wgmma_unfenced(const __grid_constant__ Args a)
        {
            __shared__ __align__(1024) u32 tile[64 * 32];
            for (int i = threadIdx.x; i < 64 * 32; i += blockDim.x) tile[i] = 0;
            if (Right) fence_async_proxy();
            __syncthreads();
            float sums[4] = {};
            const u64 descriptor = matrix_descriptor(tile, Swizzle::Bytes128, 16, 1024);
            wgmma_fence();
            wgmma<bf16, 8>(sums, descriptor, descriptor, false);
            wgmma_commit();
            wgmma_wait<0>();
            a.data[threadIdx.x] = static_cast<int>(sums[0]);
        }

        // 0: right; 1: too few arrivals; 2: too many; 3: the wrong parity; 4: fewer bytes than announced; 5: not initialised
        template <int Defect> __global__ void barriers(const __grid_constant__ Args a)
        {
            __shared__ __align__(128) int staged[64];
            __shared__ MemoryBarrier barrier;
            if (threadIdx.x == 0 && Defect != 5) barrier_init(&barrier, Defect == 1 ? 65 : Defect == 2 ? 63 : 64);
            barrier_init_fence();
            __syncthreads();
            if (threadIdx.x == 0)
            {
                barrier_arrive_expect(&barrier, Defect == 2 || Defect == 4 ? 512 : 256);
                bulk_load(staged, a.data, sizeof(staged), &barrier);
            }
            else
            {
                barrier_arrive(&barrier);
            }
            barrier_wait(&barrier, 0);
            if (Defect == 3) barrier_wait(&barrier, 1);
            a.other[threadIdx.x] = staged[threadIdx.x];
        }

        template <int Column> __global__ void tile(const __grid_constant__ Args a)
        {
            __shared__ __align__(128) int staged[8 * 4];
            __shared__ MemoryBarrier barrier;
            if (threadIdx.x == 0)
            {
                barrier_init(&barrier, 1);
                barrier_init_fence();
                barrier_arrive_expect(&barrier, sizeof(staged));
                tma_load(staged, &a.map, &barrier, Column, 0);
            }
            __syncthreads();
            barrier_wait(&barrier, 0);
            a.other[threadIdx.x] = staged[threadIdx.x % 32];
        }

        extern "C" __global__ void __launch_bounds__(96) bounded(const __grid_constant__ Args a) { a.data[threadIdx.x] = 1; }
        template <int Warps> __global__ void __launch_bounds__(Warps * 32, Warps < 4 ? 2 : 1) bounded_template(const __grid_constant__ Args a) { a.data[threadIdx.x] = Warps; }

        KERNEL(divides_by_zero) { a.data[threadIdx.x] = 100 / (a.count - 1); }
        """;

    private static readonly string[] Templates =
    [
        "shared_race", "warp_race", "global_race", "one_writer", "buffer_race", "atomic_race", "flag", "consumer", "overwriter", "bulk_copy", "bulk_store_unfenced",
        "tensor_copy", "tensor_store_unfenced", "wgmma_unfenced",
    ];

    private static readonly string[] Plain =
    [
        "read_past_end", "write_before_start", "freed", "shared_past_end", "shared_before_start", "dynamic_past_end", "index_outside", "uninitialized_global", "uninitialized_shared",
        "misaligned", "barrier_for_some", "barrier_in_turns", "warp_for_some", "producer", "bounded", "bounded_template<2>", "divides_by_zero",
        "async_copy<0>", "async_copy<1>", "async_copy<2>", "barriers<0>", "barriers<1>", "barriers<2>", "barriers<3>", "barriers<4>", "barriers<5>", "tile<0>", "tile<-4>", "tile<2>",
    ];

    public static KernelSource Source =>
        TestKernels.Of(Text, [.. Plain, .. Templates.SelectMany(name => new[] { $"{name}<false>", $"{name}<true>" })]);

    /// <summary>Kernels that must pass.</summary>
    public static TheoryData<string> Right => [.. Templates.Where(name => name != "global_race").Select(name => $"{name}<true>"), "async_copy<2>", "barriers<0>", "producer", "tile<0>", "tile<-4>"];
}
