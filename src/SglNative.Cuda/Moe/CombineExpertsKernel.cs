using SglNative.Core.Tensors;
using SglNative.Cuda.Catalog;
using SglNative.Cuda.Kernels;
using SglNative.Models.Operations;

namespace SglNative.Cuda.Moe;

/// <summary>Launches kernels/moe/combine.cu: the weighted sum of each token's experts.</summary>
internal sealed class CombineExpertsKernel(KernelContext context)
{
    private readonly KernelFamily<DType> _kernels = new(context.Loader, Name);

    public static KernelName Name(DType dtype) => new("moe/combine.cu", $"sgl::combine_experts<{dtype.Cpp()}>");

    /// <summary>The kernels of the catalogue.</summary>
    public static IEnumerable<KernelName> Instantiations(KernelRange range) => [Name(KernelRange.Between)];

    public void Run(in Tensor x, in ExpertRouting routing, bool weighted, in Tensor output)
    {
        x.ExpectDenseRows(nameof(x));
        TensorChecks.ExpectSameType(x, output, nameof(output));
        var launch = RowLaunch.For(output.Shape[0], output.Shape[1]);
        var arguments = new Arguments
        {
            X = x.Data,
            Weights = weighted ? routing.Weights.Data : 0,
            Output = output.Data,
            XStride = x.Strides[0],
            TopK = routing.TopK,
            Width = checked((int)output.Shape[1]),
            Aligned = RowLaunch.IsAligned(x) && RowLaunch.IsAligned(output) ? 1 : 0,
        };
        context.Launch(_kernels[x.DType], launch.Grid, launch.Threads, arguments);
    }

    /// <summary><c>CombineExpertsArgs</c>.</summary>
    private struct Arguments
    {
        public nint X, Weights, Output;
        public long XStride;
        public int TopK, Width, Aligned;
    }
}
