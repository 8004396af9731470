using SglNative.Interop.Kernels;
using SglNative.Interop.Tests.Kernels;

namespace SglNative.Interop.Tests.Contract;

/// <summary>Kernels that show whether what is special about 9.0 launches was passed on: clusters, dependent launches, tensor maps.</summary>
internal static class HopperKernels
{
    private const string Text = """
        extern "C" __global__ void cluster_ranks(int* out)
        {
            unsigned rank, size;
            asm volatile("mov.u32 %0, %%cluster_ctarank;" : "=r"(rank));
            asm volatile("mov.u32 %0, %%cluster_nctarank;" : "=r"(size));
            if (threadIdx.x == 0) out[blockIdx.x] = size * 100 + rank;
        }

        // Adds one to what the kernel before it wrote, of which it must see every block.
        extern "C" __global__ void dependent(const int* in, int* out, int count)
        {
            asm volatile("griddepcontrol.wait;" ::: "memory");
            int i = blockIdx.x * blockDim.x + threadIdx.x;
            int value = i < count ? in[count - 1 - i] : 0;
            asm volatile("griddepcontrol.launch_dependents;");
            if (i < count) out[i] = value + 1;
        }

        extern "C" __global__ void meet(unsigned* arrived, unsigned* seen)
        {
            if (threadIdx.x != 0) return;
            atomicAdd(arrived, 1u);
            while (atomicAdd(arrived, 0u) < gridDim.x) {}
            atomicAdd(seen, 1u);
        }

        struct alignas(64) TensorMap { unsigned long long opaque[16]; };
        struct TileArguments { TensorMap map; unsigned short* out; int x; int y; };
        extern "C" __global__ void tile(const __grid_constant__ TileArguments arguments)
        {
            __shared__ alignas(1024) unsigned short staged[8 * 64];
            __shared__ alignas(8) unsigned long long barrier;
            unsigned bar = (unsigned)__cvta_generic_to_shared(&barrier);
            unsigned destination = (unsigned)__cvta_generic_to_shared(staged);
            if (threadIdx.x == 0)
            {
                asm volatile("mbarrier.init.shared::cta.b64 [%0], 1;" :: "r"(bar));
                asm volatile("fence.proxy.async.shared::cta;" ::: "memory");
                asm volatile("mbarrier.arrive.expect_tx.shared::cta.b64 _, [%0], %1;" :: "r"(bar), "r"((unsigned)sizeof(staged)));
                asm volatile("cp.async.bulk.tensor.2d.shared::cluster.global.mbarrier::complete_tx::bytes [%0], [%1, {%2, %3}], [%4];"
                    :: "r"(destination), "l"(&arguments.map), "r"(arguments.x), "r"(arguments.y), "r"(bar) : "memory");
            }
            __syncthreads();
            unsigned done = 0;
            while (!done)
                asm volatile("{ .reg .pred p; mbarrier.try_wait.parity.shared::cta.b64 p, [%1], 0; selp.u32 %0, 1, 0, p; }"
                    : "=r"(done) : "r"(bar) : "memory");
            for (int i = threadIdx.x; i < 8 * 64; i += blockDim.x) arguments.out[i] = staged[i];
        }
        """;

    public static KernelSource Source => TestKernels.Of(Text, "cluster_ranks", "dependent", "meet", "tile");
}
