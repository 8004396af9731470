using SglNative.Core.Tensors;
using SglNative.Cuda.Kernels;

namespace SglNative.Cuda.Normalization;

/// <summary>Launches kernels/normalization/rms_norm.cu: RMS norm, alone or after residual += x.</summary>
internal sealed class RmsNormKernel(KernelContext context)
{
    private readonly KernelFamily<Key> _kernels = new(context.Loader, Name);

    public static KernelName Name(Key key) => new("normalization/rms_norm.cu", key.Residual is { } residual
        ? $"sgl::add_rms_norm<{key.X.Cpp()}, {residual.Cpp()}, {key.Weight.Cpp()}, {key.Output.Cpp()}, {key.Config.Threads}, {key.Config.Vectors}>"
        : $"sgl::rms_norm<{key.X.Cpp()}, {key.Weight.Cpp()}, {key.Output.Cpp()}, {key.Config.Threads}, {key.Config.Vectors}>");

    /// <summary>Norm of the last dimension of x, of rank 2 or 3; output may be x.</summary>
    public void Run(in Tensor x, in Tensor weight, float eps, float weightOffset, in Tensor output) =>
        Launch(x, default, weight, eps, weightOffset, output);

    /// <summary>residual += x, then the norm of that.</summary>
    public void RunAdd(in Tensor x, in Tensor residual, in Tensor weight, float eps, float weightOffset, in Tensor output)
    {
        residual.ExpectDenseRows(nameof(residual));
        Launch(x, residual, weight, eps, weightOffset, output);
    }

    private void Launch(in Tensor x, in Tensor residual, in Tensor weight, float eps, float weightOffset, in Tensor output)
    {
        x.ExpectDenseRows(nameof(x));
        if (!weight.IsNull) weight.ExpectDenseRows(nameof(weight));
        var config = RmsNormConfig.For(x.Shape[-1]);
        var rows = x.Count / x.Shape[-1];
        var aligned = RowLaunch.IsAligned(x) && RowLaunch.IsAligned(output)
            && (residual.IsNull || RowLaunch.IsAligned(residual)) && (weight.IsNull || RowLaunch.IsAligned(weight));
        var arguments = new Arguments
        {
            X = x.Data,
            Residual = residual.Data,
            Weight = weight.Data,
            Output = output.Data,
            XOuter = x.Strides[0],
            XInner = x.Rank == 3 ? x.Strides[1] : 0,
            OutputOuter = output.Strides[0],
            OutputInner = output.Rank == 3 ? output.Strides[1] : 0,
            ResidualStride = residual.IsNull ? 0 : residual.Strides[0],
            Rows = rows,
            Inner = x.Rank == 3 ? checked((int)x.Shape[1]) : 1,
            Width = checked((int)x.Shape[-1]),
            Eps = eps,
            WeightOffset = weightOffset,
            Aligned = aligned ? 1 : 0,
        };
        var key = new Key(x.DType, residual.IsNull ? null : residual.DType, weight.IsNull ? x.DType : weight.DType, output.DType, config);
        context.Launch(_kernels[key], checked((int)((rows + config.RowsPerBlock - 1) / config.RowsPerBlock)), config.BlockThreads, arguments);
    }

    /// <summary>Template parameters; without a residual, the plain norm.</summary>
    public readonly record struct Key(DType X, DType? Residual, DType Weight, DType Output, RmsNormConfig Config);

    /// <summary><c>RmsNormArgs</c>.</summary>
    private struct Arguments
    {
        public nint X, Residual, Weight, Output;
        public long XOuter, XInner, OutputOuter, OutputInner, ResidualStride, Rows;
        public int Inner, Width;
        public float Eps, WeightOffset;
        public int Aligned;
    }
}
