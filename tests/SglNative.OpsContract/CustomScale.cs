using SglNative.Core.Tensors;
using SglNative.Models.Operations.Custom;

namespace SglNative.OpsContract;

/// <summary>An operation as a plugin defines one: y = x · factors[row] + offset.</summary>
public static class CustomScale
{
    public static CustomOp Op { get; } = new()
    {
        Name = "scale rows",
        Assembly = typeof(CustomScale).Assembly,
        Source = "scale_rows.cu",
        Kernel = "contract::scale_rows<T>",
        Launch = static (in CustomCall call) => CustomLaunch.PerRow(call.Output.Shape[0]),
        Cpu = static (in CustomCall call) =>
        {
            var x = Numbers.Decode(Bytes(call.Inputs[0]).ToArray(), call.Output.DType);
            var factors = CustomCall.Elements<float>(call.Inputs[1]);
            var width = call.Scalars[0].Int32;
            for (var i = 0; i < x.Length; i++) x[i] = x[i] * factors[i / width] + call.Scalars[1].Single;
            Numbers.Encode(x, call.Output.DType).CopyTo(Bytes(call.Output));
        },
    };

    private static unsafe Span<byte> Bytes(in Tensor tensor) => new((void*)tensor.Data, (int)tensor.ByteCount);
}
