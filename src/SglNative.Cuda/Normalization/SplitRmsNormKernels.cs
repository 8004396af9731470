using SglNative.Core.Tensors;
using SglNative.Cuda.Catalog;
using SglNative.Cuda.Kernels;

namespace SglNative.Cuda.Normalization;

/// <summary>Launches kernels/normalization/split_rms_norm.cu: the RMS norm of rows that are spread over ranks.</summary>
internal sealed class SplitRmsNormKernels(KernelContext context)
{
    private const string File = "normalization/split_rms_norm.cu";
    private const int SquaresThreads = 256;

    private readonly KernelFamily<DType> _squares = new(context.Loader, SquaresName);
    private readonly KernelFamily<Key> _norm = new(context.Loader, NormName);

    public static KernelName SquaresName(DType x) => new(File, $"sgl::row_squares<{x.Cpp()}>");

    public static KernelName NormName(Key key) => new(File, $"sgl::norm_rows<{key.X.Cpp()}, {key.Weight.Cpp()}>");

    /// <summary>The kernels of the catalogue.</summary>
    public static IEnumerable<KernelName> Instantiations(KernelRange range) =>
        [SquaresName(KernelRange.Between), .. range.DTypes.Select(dtype => NormName(new(KernelRange.Between, dtype)))];

    /// <summary>squares[row] = Σ x[row]².</summary>
    public void Squares(in Tensor x, in Tensor squares)
    {
        var arguments = Operands(x, squares);
        context.Launch(_squares[x.DType], checked((int)x.Shape[0]), SquaresThreads, arguments);
    }

    /// <summary>The norm of x in place, whose whole rows have <paramref name="width"/> elements and these squares.</summary>
    public void Normalize(in Tensor x, in Tensor weight, in Tensor squares, long width, float eps, float weightOffset)
    {
        weight.ExpectDenseRows(nameof(weight));
        var arguments = Operands(x, squares);
        arguments.Weight = weight.Data;
        (arguments.Whole, arguments.Eps, arguments.WeightOffset) = (width, eps, weightOffset);
        if (!RowLaunch.IsAligned(weight)) arguments.Aligned = 0;
        var launch = RowLaunch.For(x.Shape[0], x.Shape[1]);
        context.Launch(_norm[new Key(x.DType, weight.DType)], launch.Grid, launch.Threads, arguments);
    }

    private static Arguments Operands(in Tensor x, in Tensor squares)
    {
        x.ExpectDenseRows(nameof(x));
        squares.ExpectDense(nameof(squares), DType.Float32);
        return new Arguments
        {
            X = x.Data, Squares = squares.Data, XStride = x.Strides[0], Width = checked((int)x.Shape[1]), Aligned = RowLaunch.IsAligned(x) ? 1 : 0,
        };
    }

    /// <summary>Template parameters of the norm.</summary>
    public readonly record struct Key(DType X, DType Weight);

    /// <summary><c>SplitRmsNormArgs</c>.</summary>
    private struct Arguments
    {
        public nint X, Weight, Squares;
        public long XStride;
        public int Width;
        public float Whole, Eps, WeightOffset;
        public int Aligned;
    }
}
