using SglNative.Core.Tensors;
using SglNative.Cuda.Catalog;
using SglNative.Cuda.Kernels;
using SglNative.Models.Operations;

namespace SglNative.Cuda.Elementwise;

/// <summary>Launches kernels/elementwise/gate.cu: x · act(gate).</summary>
internal sealed class GateKernel(KernelContext context)
{
    private readonly KernelFamily<Key> _kernels = new(context.Loader, Name);

    public static KernelName Name(Key key) => new("elementwise/gate.cu", $"sgl::gate<{key.In.Cpp()}, {key.Out.Cpp()}, {key.Silu.Cpp()}>");

    /// <summary>The kernels of the catalogue.</summary>
    public static IEnumerable<KernelName> Instantiations(KernelRange range) =>
        from dtype in range.DTypes.Append(KernelRange.Between)
        from silu in range.Switch
        select Name(new(KernelRange.Between, dtype, silu));

    public void Run(in Tensor x, in Tensor gate, PointwiseActivation activation, in Tensor output)
    {
        x.ExpectDenseRows(nameof(x));
        gate.ExpectDenseRows(nameof(gate));
        TensorChecks.ExpectSameType(x, gate, nameof(gate));
        var width = x.Shape[-1];
        var launch = RowLaunch.For(x.Count / width, width);
        var arguments = new Arguments
        {
            X = x.Data,
            Gate = gate.Data,
            Output = output.Data,
            XOuter = x.Strides[0],
            XInner = x.Rank == 3 ? x.Strides[1] : 0,
            GateOuter = gate.Strides[0],
            GateInner = gate.Rank == 3 ? gate.Strides[1] : 0,
            Inner = x.Rank == 3 ? checked((int)x.Shape[1]) : 1,
            Width = checked((int)width),
            Aligned = RowLaunch.IsAligned(x) && RowLaunch.IsAligned(gate) && RowLaunch.IsAligned(output) ? 1 : 0,
        };
        context.Launch(_kernels[new Key(x.DType, output.DType, activation == PointwiseActivation.Silu)], launch.Grid, launch.Threads, arguments);
    }

    /// <summary>Template parameters.</summary>
    public readonly record struct Key(DType In, DType Out, bool Silu);

    /// <summary><c>GateArgs</c>.</summary>
    private struct Arguments
    {
        public nint X, Gate, Output;
        public long XOuter, XInner, GateOuter, GateInner;
        public int Inner, Width, Aligned;
    }
}
