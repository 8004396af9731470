using SglNative.Core;
using SglNative.Engine.Configuration;
using SglNative.Models;
using SglNative.Models.Backends;

namespace SglNative.Engine.Execution.Graphs;

/// <summary>The batch sizes for which decode steps are captured (<c>--cuda-graph-bs</c>, <c>--cuda-graph-max-bs</c>).</summary>
/// <param name="Sizes">In ascending order; empty where steps run one operation at a time.</param>
/// <param name="Pads">Whether a batch between two sizes takes the larger one (not with <c>--disable-cuda-graph-padding</c>).</param>
internal sealed record GraphSizes(IReadOnlyList<int> Sizes, bool Pads)
{
    private const int LargestSize = 4096;

    // By the memory of the device: (bytes below which, largest size).
    private static readonly (long Memory, int Size)[] Largest = [(20L << 30, 8), (35L << 30, 24), (60L << 30, 32), (long.MaxValue, 256)];

    /// <summary>Nothing is captured.</summary>
    public static GraphSizes None { get; } = new([], Pads: false);

    /// <summary>What is captured for a model that runs at most <paramref name="maxRunning"/> sequences at once.</summary>
    /// <exception cref="SglException">A size makes no sense.</exception>
    public static GraphSizes For(ServerArgs args, Backend backend, CausalLM model, int maxRunning)
    {
        var sizes = Choose(args, backend.Memory.Total, maxRunning);
        return args.DisableCudaGraph || !backend.CanRecord || !model.CaptureSafe ? None : sizes;
    }

    /// <summary>The sizes for a device of <paramref name="memory"/> bytes.</summary>
    /// <exception cref="SglException">A size makes no sense.</exception>
    public static GraphSizes Choose(ServerArgs args, long memory, int maxRunning)
    {
        if (args.CudaGraphMaxBs is < 1 or > LargestSize) throw new SglException($"--cuda-graph-max-bs is {args.CudaGraphMaxBs}, expected 1 to {LargestSize}");
        foreach (var size in args.CudaGraphBs)
            if (size is < 1 or > LargestSize) throw new SglException($"--cuda-graph-bs holds {size}, expected 1 to {LargestSize}");
        var most = Math.Min(args.CudaGraphMaxBs ?? Largest.First(row => memory < row.Memory).Size, maxRunning);
        var sizes = args.CudaGraphBs.Count > 0 ? args.CudaGraphBs.Where(size => args.CudaGraphMaxBs is null || size <= args.CudaGraphMaxBs)
            : args.DisableCudaGraphPadding ? Enumerable.Range(1, most)
            : Usual().TakeWhile(size => size < most).Append(most);
        // No batch is larger than what may run at once: a size above that would never be used, except to pad to.
        int[] wanted = [.. sizes.Select(size => Math.Min(size, maxRunning)).Distinct().Order()];
        return new GraphSizes(wanted, !args.DisableCudaGraphPadding);
    }

    /// <summary>The size that a batch of <paramref name="count"/> sequences takes; 0 where it takes none.</summary>
    public int SizeFor(int count)
    {
        // By index: an enumerator of the interface would be allocated at every step.
        for (var i = 0; i < Sizes.Count; i++)
            if (Sizes[i] >= count) return Sizes[i] == count || Pads ? Sizes[i] : 0;
        return 0;
    }

    /// <summary>Those alone that batches of up to <paramref name="count"/> sequences take.</summary>
    public GraphSizes UpTo(int count)
    {
        var most = SizeFor(count);
        return this with { Sizes = [.. Sizes.Where(size => size <= Math.Max(most, count))] };
    }

    // Close together where a batch is small, since a padded row costs the most there.
    private static IEnumerable<int> Usual()
    {
        foreach (var size in (int[])[1, 2, 4, 8, 12]) yield return size;
        for (var size = 16; ; size += size < 256 ? 8 : size < 512 ? 16 : 32) yield return size;
    }
}
