using SglNative.Core.Tensors;
using SglNative.Cuda.Kernels;
using SglNative.Models.Operations;

namespace SglNative.Cuda.Elementwise;

/// <summary>Launches kernels/elementwise/gated_activation.cu: act(x[:, :I]) · x[:, I:].</summary>
internal sealed class GatedActivationKernel(KernelContext context)
{
    private readonly KernelFamily<Key> _kernels = new(context.Loader, Name);

    public static KernelName Name(Key key) =>
        new("elementwise/gated_activation.cu", $"sgl::gated_activation<{key.In.Cpp()}, {key.Out.Cpp()}, sgl::{key.Activation}>");

    public void Run(in Tensor x, GatedActivation activation, in Tensor output)
    {
        x.ExpectDenseRows(nameof(x));
        var width = output.Shape[1];
        var launch = RowLaunch.For(x.Shape[0], width);
        var arguments = new Arguments
        {
            X = x.Data,
            Output = output.Data,
            XStride = x.Strides[0],
            Width = checked((int)width),
            // The second half must be aligned like the first.
            Aligned = RowLaunch.IsAligned(x) && RowLaunch.IsAligned(output) && RowLaunch.IsAligned(x.Slice(1, width, width)) ? 1 : 0,
        };
        context.Launch(_kernels[new Key(x.DType, output.DType, activation)], launch.Grid, launch.Threads, arguments);
    }

    /// <summary>Template parameters.</summary>
    public readonly record struct Key(DType In, DType Out, GatedActivation Activation);

    /// <summary><c>GatedActivationArgs</c>.</summary>
    private struct Arguments
    {
        public nint X, Output;
        public long XStride;
        public int Width, Aligned;
    }
}
