using SglNative.Core.Tensors;
using SglNative.Cuda.Catalog;
using SglNative.Cuda.Kernels;

namespace SglNative.Cuda.Elementwise;

/// <summary>Launches kernels/elementwise/elementwise.cu: sums, products with a number, conversions, filling.</summary>
internal sealed class ElementwiseKernels(KernelContext context)
{
    private const string File = "elementwise/elementwise.cu";
    private const int FillThreads = 256, FillBlocksPerMultiprocessor = 16;

    private readonly KernelFamily<DType> _add = new(context.Loader, AddName);
    private readonly KernelFamily<Conversion> _scale = new(context.Loader, ScaleName);
    private readonly KernelFamily<DType> _twoTerms = new(context.Loader, TwoTermsName);
    private readonly KernelFamily<DType> _fill = new(context.Loader, FillName);

    public static KernelName AddName(DType dtype) => new(File, $"sgl::add<{dtype.Cpp()}>");

    public static KernelName ScaleName(Conversion key) => new(File, $"sgl::scale<{key.In.Cpp()}, {key.Out.Cpp()}>");

    public static KernelName TwoTermsName(DType dtype) => new(File, $"sgl::two_terms<{dtype.Cpp()}>");

    public static KernelName FillName(DType dtype) => new(File, $"sgl::fill<{dtype.Cpp()}>");

    /// <summary>The kernels of the catalogue.</summary>
    public static IEnumerable<KernelName> Instantiations(KernelRange range) =>
    [
        .. range.DTypes.Select(AddName),
        .. range.DTypes.Select(FillName),
        .. range.DTypes.Where(dtype => dtype != DType.Float32).Select(TwoTermsName),
        .. range.Conversions.Select(types => ScaleName(new(types.From, types.To))),
    ];

    /// <summary>output = a + b.</summary>
    public void Add(in Tensor a, in Tensor b, in Tensor output)
    {
        a.ExpectDenseRows(nameof(a));
        b.ExpectDenseRows(nameof(b));
        TensorChecks.ExpectSameType(a, b, nameof(b));
        var arguments = Operands(a, output);
        arguments.B = b.Data;
        (arguments.BOuter, arguments.BInner) = Strides(b);
        if (!RowLaunch.IsAligned(b)) arguments.Aligned = 0;
        var launch = RowLaunch.For(a.Count / a.Shape[-1], a.Shape[-1]);
        context.Launch(_add[a.DType], launch.Grid, launch.Threads, arguments);
    }

    /// <summary>output = x · factor, in output's type.</summary>
    public void Scale(in Tensor x, float factor, in Tensor output)
    {
        x.ExpectDenseRows(nameof(x));
        var arguments = Operands(x, output);
        arguments.Factor = factor;
        var launch = RowLaunch.For(x.Count / x.Shape[-1], x.Shape[-1]);
        context.Launch(_scale[new Conversion(x.DType, output.DType)], launch.Grid, launch.Threads, arguments);
    }

    /// <summary>x rounded in the first half of output's rows, the rest of it rounded in the second.</summary>
    public void TwoTerms(in Tensor x, in Tensor output)
    {
        x.ExpectDenseRows(nameof(x));
        var arguments = Operands(x, output);
        arguments.BOuter = x.Count;
        if (x.Count % RowLaunch.Vector != 0) arguments.Aligned = 0;
        var launch = RowLaunch.For(x.Shape[0], x.Shape[1]);
        context.Launch(_twoTerms[output.DType], launch.Grid, launch.Threads, arguments);
    }

    /// <summary>Every element of the contiguous tensor becomes <paramref name="value"/>.</summary>
    public void Fill(in Tensor output, float value)
    {
        var arguments = new FillArguments { Output = output.Data, Count = output.Count, Value = value };
        context.Launch(_fill[output.DType], FillGrid(output.Count, context), FillThreads, arguments);
    }

    /// <summary>Blocks of 256 threads that share <paramref name="count"/> elements among them in a loop.</summary>
    public static int FillGrid(long count, KernelContext context) =>
        (int)Math.Min((count + FillThreads - 1) / FillThreads, (long)context.Capabilities.MultiprocessorCount * FillBlocksPerMultiprocessor);

    private static Arguments Operands(in Tensor a, in Tensor output)
    {
        var arguments = new Arguments
        {
            A = a.Data,
            Output = output.Data,
            Inner = a.Rank == 3 ? checked((int)a.Shape[1]) : 1,
            Width = checked((int)a.Shape[-1]),
            Aligned = RowLaunch.IsAligned(a) && RowLaunch.IsAligned(output) ? 1 : 0,
        };
        (arguments.AOuter, arguments.AInner) = Strides(a);
        return arguments;
    }

    private static (long Outer, long Inner) Strides(in Tensor x) => (x.Strides[0], x.Rank == 3 ? x.Strides[1] : 0);

    /// <summary>Template parameters of a conversion.</summary>
    public readonly record struct Conversion(DType In, DType Out);

    /// <summary><c>ElementwiseArgs</c>.</summary>
    private struct Arguments
    {
        public nint A, B, Output;
        public long AOuter, AInner, BOuter, BInner;
        public int Inner, Width;
        public float Factor;
        public int Aligned;
    }

    /// <summary><c>FillArgs</c>.</summary>
    private struct FillArguments
    {
        public nint Output;
        public long Count;
        public float Value;
    }
}
