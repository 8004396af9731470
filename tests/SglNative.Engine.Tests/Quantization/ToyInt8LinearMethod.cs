using System.Runtime.InteropServices;
using SglNative.Core.Tensors;
using SglNative.Models.Layers;
using SglNative.Models.Modules;
using SglNative.Models.Operations;
using SglNative.Models.Weights;

namespace SglNative.Engine.Tests.Quantization;

/// <summary>
/// Weights in 8-bit integers with a factor per row, on the CPU, as slow as can be: it stands for what a plugin could bring. It takes the
/// plain method's declarations for loading, and keeps nothing of its weights but the integers.
/// </summary>
internal sealed unsafe class ToyInt8LinearMethod : LinearMethod
{
    private readonly Parameter? _bias;
    private sbyte[] _weight = [];
    private float[] _factors = [];
    private int _columns;

    private ToyInt8LinearMethod(ModuleScope parent, LinearSpec spec)
    {
        var build = parent.Build;
        var first = build.Parameters.Count;
        UnquantizedLinearMethod.Factory.Create(parent, spec);
        var weight = build.Parameters[first];
        if (build.Parameters.Count > first + 1) _bias = build.Parameters[first + 1];
        build.OnLoaded(() => Quantize(build, weight));
    }

    /// <summary>Makes these methods.</summary>
    public static ILinearMethodFactory Factory { get; } = new MethodFactory();

    public override Tensor Apply(Ops ops, in Tensor x, DType dtype)
    {
        var output = ops.Empty(DType.Float32, x.Shape[0], _factors.Length);
        var bias = _bias is null ? null : (float*)_bias.Value.Data;
        for (var row = 0; row < x.Shape[0]; row++)
        {
            var from = new ReadOnlySpan<float>((float*)x.Data + row * x.Strides[0], _columns);
            for (var n = 0; n < _factors.Length; n++)
            {
                var sum = 0f;
                for (var k = 0; k < _columns; k++) sum += from[k] * _weight[n * _columns + k];
                ((float*)output.Data)[row * _factors.Length + n] = sum * _factors[n] + (bias is null ? 0 : bias[n]);
            }
        }
        return output;
    }

    private void Quantize(ModelBuild build, Parameter weight)
    {
        _columns = (int)weight.Shape[1];
        _factors = new float[weight.Shape[0]];
        _weight = new sbyte[weight.Shape.Count];
        var values = new float[weight.Shape.Count];
        build.Backend.Download(weight.Value, MemoryMarshal.AsBytes(values.AsSpan()));
        for (var n = 0; n < _factors.Length; n++)
        {
            var row = values.AsSpan(n * _columns, _columns);
            foreach (var value in row) _factors[n] = Math.Max(_factors[n], Math.Abs(value) / sbyte.MaxValue);
            for (var k = 0; k < _columns; k++) _weight[n * _columns + k] = (sbyte)Math.Round(row[k] / Math.Max(_factors[n], 1e-30f));
        }
        build.Backend.Free(weight.Value);
    }

    private sealed class MethodFactory : ILinearMethodFactory
    {
        public LinearMethod Create(ModuleScope parent, LinearSpec spec) => new ToyInt8LinearMethod(parent, spec);
    }
}
