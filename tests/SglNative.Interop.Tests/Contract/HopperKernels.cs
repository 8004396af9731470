using SglNative.Interop.Kernels;
using SglNative.Interop.Tests.Kernels;

namespace SglNative.Interop.Tests.Contract;

/// <summary>Kernels that show whether what is special about 9.0 launches was passed on: clusters, dependent launches, tensor maps.</summary>
internal static class HopperKernels
{
    private const string Text = """
        #include "include/sgl/hopper.cuh"

        using namespace sgl;

        extern "C" __global__ void cluster_ranks(int* out)
        {
            if (threadIdx.x == 0) out[blockIdx.x] = cluster_size() * 100 + cluster_rank();
        }

        // Every block of a cluster shows its number to the next one.
        extern "C" __global__ void neighbours(int* out)
        {
            __shared__ int number;
            if (threadIdx.x == 0) number = blockIdx.x * 10;
            cluster_arrive();
            cluster_wait();
            if (threadIdx.x == 0) out[blockIdx.x] = *cluster_shared(&number, (cluster_rank() + 1) % cluster_size());
            cluster_arrive();
            cluster_wait();
        }

        // Adds one to what the kernel before it wrote, of which it must see every block.
        extern "C" __global__ void dependent(const int* in, int* out, int count)
        {
            grid_dependency_wait();
            int i = blockIdx.x * blockDim.x + threadIdx.x;
            int value = i < count ? in[count - 1 - i] : 0;
            grid_dependency_launch();
            if (i < count) out[i] = value + 1;
        }

        extern "C" __global__ void meet(unsigned* arrived, unsigned* seen)
        {
            if (threadIdx.x != 0) return;
            atomicAdd(arrived, 1u);
            while (atomicAdd(arrived, 0u) < gridDim.x) {}
            atomicAdd(seen, 1u);
        }

        struct TileArguments { TensorMap map; unsigned short* out; int x; int y; };
        extern "C" __global__ void tile(const __grid_constant__ TileArguments arguments)
        {
            __shared__ __align__(1024) unsigned short staged[8 * 64];
            __shared__ MemoryBarrier barrier;
            if (threadIdx.x == 0)
            {
                barrier_init(&barrier, 1);
                barrier_init_fence();
                barrier_arrive_expect(&barrier, sizeof(staged));
                tma_load(staged, &arguments.map, &barrier, arguments.x, arguments.y);
            }
            __syncthreads();
            barrier_wait(&barrier, 0);
            for (int i = threadIdx.x; i < 8 * 64; i += blockDim.x) arguments.out[i] = staged[i];
        }

        // c [64, 64] = a [64, 64] · b [64, 64] of bf16, both stored as rows of 64; a transposed operand is stored as columns. A tile of a
        // tensor map holds rows of 128 bytes, so that a product takes 32 of them (16 elements of the sum) or 16 rows at a time.
        struct ProductArguments { TensorMap a, b; float* c; };
        template <bool TransposedA, bool TransposedB>
        __global__ void __launch_bounds__(128) product(const __grid_constant__ ProductArguments arguments)
        {
            __shared__ __align__(1024) bf16 a[64 * 64];
            __shared__ __align__(1024) bf16 b[64 * 64];
            __shared__ MemoryBarrier barrier;
            if (threadIdx.x == 0)
            {
                barrier_init(&barrier, 1);
                barrier_init_fence();
                barrier_arrive_expect(&barrier, sizeof(a) + sizeof(b));
                tma_load(a, &arguments.a, &barrier, 0, 0);
                tma_load(b, &arguments.b, &barrier, 0, 0);
            }
            __syncthreads();
            barrier_wait(&barrier, 0);
            float sums[32];
            wgmma_fence();
            for (int k = 0; k < 4; k++)
            {
                const u64 left = matrix_descriptor(a + (TransposedA ? k * 16 * 64 : k * 16), Swizzle::Bytes128, 1024, 1024);
                const u64 right = matrix_descriptor(b + (TransposedB ? k * 16 * 64 : k * 16), Swizzle::Bytes128, 1024, 1024);
                wgmma<bf16, 64, TransposedA, TransposedB>(sums, left, right, k > 0);
            }
            wgmma_commit();
            wgmma_wait<0>();
            const int lane = threadIdx.x % 32, row = threadIdx.x / 32 * 16 + lane / 4;
            for (int i = 0; i < 32; i++)
                arguments.c[(row + i / 2 % 2 * 8) * 64 + i / 4 * 8 + lane % 4 * 2 + i % 2] = sums[i];
        }
        """;

    public static KernelSource Source => TestKernels.Of(Text, "cluster_ranks", "neighbours", "dependent", "meet", "tile");

    public static KernelSource Product => TestKernels.Of(Text, [.. Products]);

    public static string[] Products => ["product<false, false>", "product<true, false>", "product<false, true>", "product<true, true>"];
}
