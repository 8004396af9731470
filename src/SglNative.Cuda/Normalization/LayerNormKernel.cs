using SglNative.Core.Tensors;
using SglNative.Cuda.Catalog;
using SglNative.Cuda.Kernels;

namespace SglNative.Cuda.Normalization;

/// <summary>Launches kernels/normalization/layer_norm.cu: normalisation by mean and variance.</summary>
internal sealed class LayerNormKernel(KernelContext context)
{
    private readonly KernelFamily<Key> _kernels = new(context.Loader, Name);

    public static KernelName Name(Key key) => new("normalization/layer_norm.cu",
        $"sgl::layer_norm<{key.X.Cpp()}, {key.Weight.Cpp()}, {key.Output.Cpp()}, {key.Config.Threads}, {key.Config.Vectors}>");

    /// <summary>The kernels of the catalogue.</summary>
    public static IEnumerable<KernelName> Instantiations(KernelRange range) =>
        from dtype in range.DTypes
        from config in range.LayerNormConfigs
        select Name(new(KernelRange.Between, dtype, dtype, config));

    /// <summary>Norm of the last dimension of x, of rank 2 or 3; weight and bias may be missing.</summary>
    public void Run(in Tensor x, in Tensor weight, in Tensor bias, float eps, in Tensor output)
    {
        x.ExpectDenseRows(nameof(x));
        if (!weight.IsNull) weight.ExpectDenseRows(nameof(weight));
        if (!bias.IsNull) bias.ExpectDenseRows(nameof(bias));
        if (!weight.IsNull && !bias.IsNull) TensorChecks.ExpectSameType(weight, bias, nameof(bias));
        var config = RmsNormConfig.For(x.Shape[-1]);
        var rows = x.Count / x.Shape[-1];
        var arguments = new Arguments
        {
            X = x.Data,
            Weight = weight.Data,
            Bias = bias.Data,
            Output = output.Data,
            XOuter = x.Strides[0],
            XInner = x.Rank == 3 ? x.Strides[1] : 0,
            Rows = rows,
            Inner = x.Rank == 3 ? checked((int)x.Shape[1]) : 1,
            Width = checked((int)x.Shape[-1]),
            Eps = eps,
            Aligned = RowLaunch.IsAligned(x) && RowLaunch.IsAligned(output)
                && (weight.IsNull || RowLaunch.IsAligned(weight)) && (bias.IsNull || RowLaunch.IsAligned(bias)) ? 1 : 0,
        };
        // Where there is neither, one that models with weights use, too.
        var key = new Key(x.DType, !weight.IsNull ? weight.DType : !bias.IsNull ? bias.DType : output.DType, output.DType, config);
        context.Launch(_kernels[key], checked((int)((rows + config.RowsPerBlock - 1) / config.RowsPerBlock)), config.BlockThreads, arguments);
    }

    /// <summary>Template parameters.</summary>
    public readonly record struct Key(DType X, DType Weight, DType Output, RmsNormConfig Config);

    /// <summary><c>LayerNormArgs</c>.</summary>
    private struct Arguments
    {
        public nint X, Weight, Bias, Output;
        public long XOuter, XInner, Rows;
        public int Inner, Width;
        public float Eps;
        public int Aligned;
    }
}
