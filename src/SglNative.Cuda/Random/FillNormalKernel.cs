using SglNative.Core.Tensors;
using SglNative.Cuda.Catalog;
using SglNative.Cuda.Elementwise;
using SglNative.Cuda.Kernels;

namespace SglNative.Cuda.Random;

/// <summary>Launches kernels/random/fill_normal.cu: normally distributed numbers from a seed.</summary>
internal sealed class FillNormalKernel(KernelContext context)
{
    private const int Threads = 256;

    private readonly KernelFamily<DType> _kernels = new(context.Loader, Name);

    public static KernelName Name(DType dtype) => new("random/fill_normal.cu", $"sgl::fill_normal<{dtype.Cpp()}>");

    /// <summary>The kernels of the catalogue.</summary>
    public static IEnumerable<KernelName> Instantiations(KernelRange range) => range.DTypes.Select(Name);

    public void Run(in Tensor output, float deviation, ulong seed)
    {
        var arguments = new Arguments { Output = output.Data, Count = output.Count, Seed = seed, Deviation = deviation };
        context.Launch(_kernels[output.DType], ElementwiseKernels.FillGrid((output.Count + 1) / 2, context), Threads, arguments);
    }

    /// <summary><c>FillNormalArgs</c>.</summary>
    private struct Arguments
    {
        public nint Output;
        public long Count;
        public ulong Seed;
        public float Deviation;
    }
}
