using SglNative.Cuda.Catalog;
using SglNative.Cuda.Kernels;
using SglNative.Models.Operations;

namespace SglNative.Cuda.Moe;

/// <summary>Launches kernels/moe/sort_pairs.cu: pairs (token, expert) by expert.</summary>
internal sealed class SortPairsKernel(KernelContext context)
{
    private const int Threads = 256;

    private readonly KernelFamily<byte> _kernels = new(context.Loader, _ => Name);

    public static KernelName Name { get; } = new("moe/sort_pairs.cu", "sgl::sort_pairs");

    /// <summary>The kernels of the catalogue.</summary>
    public static IEnumerable<KernelName> Instantiations(KernelRange range) => [Name];

    public void Run(in ExpertRouting routing)
    {
        var arguments = new Arguments
        {
            Chosen = routing.Experts.Data,
            Sorted = routing.Pairs.Data,
            Starts = routing.Starts.Data,
            Pairs = checked((int)routing.Pairs.Count),
            Experts = routing.ExpertCount,
        };
        context.Launch(_kernels[0], routing.ExpertCount, Threads, arguments);
    }

    /// <summary><c>SortPairsArgs</c>.</summary>
    private struct Arguments
    {
        public nint Chosen, Sorted, Starts;
        public int Pairs, Experts;
    }
}
