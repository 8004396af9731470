using SglNative.Core.Tensors;
using SglNative.Cuda.Catalog;
using SglNative.Cuda.Kernels;

namespace SglNative.Cuda.Elementwise;

/// <summary>Launches kernels/elementwise/gating.cu: x · σ(gate), limits and soft caps.</summary>
internal sealed class GatingKernels(KernelContext context)
{
    private const string File = "elementwise/gating.cu";

    private readonly KernelFamily<GateKey> _sigmoid = new(context.Loader, SigmoidName);
    private readonly KernelFamily<DType> _clamp = new(context.Loader, ClampName);
    private readonly KernelFamily<DType> _softCap = new(context.Loader, SoftCapName);

    public static KernelName SigmoidName(GateKey key) => new(File, $"sgl::sigmoid_gate<{key.X.Cpp()}, {key.Gate.Cpp()}>");

    public static KernelName ClampName(DType dtype) => new(File, $"sgl::clamp<{dtype.Cpp()}>");

    public static KernelName SoftCapName(DType dtype) => new(File, $"sgl::soft_cap<{dtype.Cpp()}>");

    /// <summary>The kernels of the catalogue.</summary>
    public static IEnumerable<KernelName> Instantiations(KernelRange range) =>
    [
        ClampName(KernelRange.Between),
        SoftCapName(KernelRange.Between),
        // Gates of attention meet operands of a projection, those of shared experts what lies between.
        .. range.DTypes.Append(KernelRange.Between).Select(dtype => SigmoidName(new(dtype, KernelRange.Between))),
    ];

    /// <summary>output = x · σ(gate), one gate per element or per row.</summary>
    public void SigmoidGate(in Tensor x, in Tensor gate, in Tensor output)
    {
        gate.ExpectDenseRows(nameof(gate));
        var arguments = Operands(x, output);
        arguments.Gate = gate.Data;
        arguments.GateStride = gate.Strides[0];
        arguments.GateWidth = checked((int)gate.Shape[1]);
        if (arguments.GateWidth > 1 && !RowLaunch.IsAligned(gate)) arguments.Aligned = 0;
        Launch(_sigmoid[new GateKey(x.DType, gate.DType)], x, arguments);
    }

    /// <summary>output = x, limited to ± <paramref name="limit"/>; may be x.</summary>
    public void Clamp(in Tensor x, float limit, in Tensor output) => Launch(_clamp[x.DType], x, Operands(x, output) with { Limit = limit });

    /// <summary>output = cap · tanh(x / cap); may be x.</summary>
    public void SoftCap(in Tensor x, float cap, in Tensor output) => Launch(_softCap[x.DType], x, Operands(x, output) with { Limit = cap });

    private static Arguments Operands(in Tensor x, in Tensor output)
    {
        x.ExpectDenseRows(nameof(x));
        TensorChecks.ExpectSameType(x, output, nameof(output));
        return new Arguments
        {
            X = x.Data,
            Output = output.Data,
            XStride = x.Strides[0],
            OutputStride = output.Strides[0],
            Width = checked((int)x.Shape[1]),
            Aligned = RowLaunch.IsAligned(x) && RowLaunch.IsAligned(output) ? 1 : 0,
        };
    }

    private void Launch(Interop.DeviceFunction function, in Tensor x, in Arguments arguments)
    {
        var launch = RowLaunch.For(x.Shape[0], x.Shape[1]);
        context.Launch(function, launch.Grid, launch.Threads, arguments);
    }

    /// <summary>Template parameters of a gate.</summary>
    public readonly record struct GateKey(DType X, DType Gate);

    /// <summary><c>GatingArgs</c>.</summary>
    private struct Arguments
    {
        public nint X, Gate, Output;
        public long XStride, GateStride, OutputStride;
        public int Width, GateWidth;
        public float Limit;
        public int Aligned;
    }
}
