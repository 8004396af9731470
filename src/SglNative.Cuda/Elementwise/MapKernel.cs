using System.Runtime.CompilerServices;
using System.Security.Cryptography;
using System.Text;
using SglNative.Core.Tensors;
using SglNative.Cuda.Kernels;
using SglNative.Interop;
using SglNative.Models.Operations.Expressions;

namespace SglNative.Cuda.Elementwise;

/// <summary>Compiles expressions into kernels around kernels/elementwise/map.cuh, one for each expression and combination of types.</summary>
internal sealed class MapKernel(KernelContext context)
{
    // Products and sums stay two roundings, as they are on the host.
    internal static readonly string[] Flags = ["--fmad=false"];

    private readonly Dictionary<(MapExpression, Types), DeviceFunction> _functions = [];

    /// <summary>output = expression(inputs), element by element.</summary>
    public void Run(MapExpression expression, ReadOnlySpan<Tensor> inputs, in Tensor output)
    {
        var arguments = new Arguments
        {
            Output = output.Data,
            Inner = output.Rank == 3 ? checked((int)output.Shape[1]) : 1,
            Width = checked((int)output.Shape[-1]),
            Aligned = RowLaunch.IsAligned(output) ? 1 : 0,
        };
        for (var i = 0; i < inputs.Length; i++)
        {
            inputs[i].ExpectDenseRows(MapExpression.InputNames[i]);
            arguments.Input[i] = inputs[i].Data;
            arguments.Outer[i] = inputs[i].Rank > 1 ? inputs[i].Strides[0] : 0;
            arguments.InnerStride[i] = inputs[i].Rank == 3 ? inputs[i].Strides[1] : 0;
            if (!RowLaunch.IsAligned(inputs[i])) arguments.Aligned = 0;
        }
        var launch = RowLaunch.For(output.Count / output.Shape[-1], output.Shape[-1]);
        context.Launch(Function(expression, inputs, output.DType), launch.Grid, launch.Threads, arguments);
    }

    private DeviceFunction Function(MapExpression expression, ReadOnlySpan<Tensor> inputs, DType output)
    {
        var types = new Types(inputs.Length, inputs[0].DType, Type(inputs, 1), Type(inputs, 2), Type(inputs, 3), output);
        if (_functions.TryGetValue((expression, types), out var function)) return function;
        var (kernel, text) = Source(expression, output, new[] { types.X, types.Y, types.Z, types.W }[..types.Count]);
        return _functions[(expression, types)] = context.Loader.Load(kernel, text, Flags);
    }

    /// <summary>The kernel of an expression of inputs of the given types, and its source.</summary>
    public static (KernelName Kernel, string Text) Source(MapExpression expression, DType output, IReadOnlyList<DType> inputs)
    {
        var parameters = string.Join(", ", MapExpression.InputNames.Take(inputs.Count).Select(name => $"float {name}"));
        var text = $$"""
            #include "elementwise/map.cuh"
            namespace sgl {
            struct MapFunction {
                static __device__ __forceinline__ float apply({{parameters}}) { return {{expression.Cpp}}; }
            };
            }  // namespace sgl
            """;
        var name = $"expression/{Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)).AsSpan(0, 8))}.cu";
        return (new KernelName(name, $"sgl::map<sgl::MapFunction, {output.Cpp()}, {string.Join(", ", inputs.Select(type => type.Cpp()))}>"), text);
    }

    private static DType Type(ReadOnlySpan<Tensor> inputs, int index) => index < inputs.Length ? inputs[index].DType : DType.Float32;

    private readonly record struct Types(int Count, DType X, DType Y, DType Z, DType W, DType Output);

    [InlineArray(4)]
    private struct Four<T> where T : unmanaged
    {
        private T _first;
    }

    private struct Arguments
    {
        public Four<nint> Input;
        public Four<long> Outer;
        public Four<long> InnerStride;
        public nint Output;
        public int Inner;
        public int Width;
        public int Aligned;
    }
}
