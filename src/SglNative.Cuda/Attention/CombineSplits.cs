using SglNative.Core.Tensors;
using SglNative.Cuda.Catalog;
using SglNative.Cuda.Kernels;

namespace SglNative.Cuda.Attention;

/// <summary>Launches kernels/attention/combine.cu: merges the parts of single-token sequences.</summary>
internal sealed class CombineSplits(KernelContext context)
{
    private const int Threads = 128, RowsPerBlock = Threads / 32;

    private readonly KernelFamily<Key> _kernels = new(context.Loader, Name);

    public static KernelName Name(Key key) => new("attention/combine.cu", $"sgl::combine_splits<{key.DType.Cpp()}, {key.HeadDim}>");

    /// <summary>The kernels of the catalogue.</summary>
    public static IEnumerable<KernelName> Instantiations(KernelRange range) =>
        from dtype in range.DTypes
        from headDim in range.HeadDims.Concat(range.Latents.Select(latent => latent.Rank))
        select Name(new(dtype, headDim));

    public void Run(in AttentionShape shape, DType dtype, in AttentionArguments arguments)
    {
        var rows = (long)shape.Sequences * arguments.QueryHeads;
        context.Launch(_kernels[new Key(dtype, shape.HeadDim)], checked((int)((rows + RowsPerBlock - 1) / RowsPerBlock)), Threads, arguments);
    }

    /// <summary>Template parameters.</summary>
    public readonly record struct Key(DType DType, int HeadDim);
}
