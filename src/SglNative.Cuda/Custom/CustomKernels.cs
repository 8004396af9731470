using System.Security.Cryptography;
using System.Text;
using System.Text.RegularExpressions;
using SglNative.Core;
using SglNative.Core.Tensors;
using SglNative.Cuda.Kernels;
using SglNative.Interop;
using SglNative.Interop.Kernels;
using SglNative.Models.Operations.Custom;

namespace SglNative.Cuda.Custom;

/// <summary>Compiles and launches kernels that a plugin brings.</summary>
internal sealed unsafe partial class CustomKernels(KernelContext context)
{
    private const int MostParameters = 32, DefaultSharedMemory = 48 << 10;

    private readonly Dictionary<(CustomOp, DType, DType), DeviceFunction> _functions = [];

    /// <summary>One launch: parameters are the inputs' addresses, the output's and the numbers.</summary>
    public void Run(CustomOp op, in CustomCall call)
    {
        var inputs = call.Inputs;
        var scalars = call.Scalars;
        var count = inputs.Length + 1 + scalars.Length;
        if (count > MostParameters) throw new SglException($"custom op {op.Name}: {count} parameters, expected at most {MostParameters}");
        var shape = op.Launch(call);
        var function = Function(op, inputs.Length > 0 ? inputs[0].DType : call.Output.DType, call.Output.DType);
        if (function.ParameterSizes is { } sizes && sizes.Count != count)
            throw new SglException($"custom op {op.Name}: its kernel takes {sizes.Count} parameters and was given {count}: {inputs.Length} inputs, the output and {scalars.Length} numbers");
        if (shape.SharedMemory > DefaultSharedMemory) function.SetMaxDynamicSharedMemory(shape.SharedMemory);
        var values = stackalloc long[count];
        var addresses = stackalloc nint[count];
        for (var i = 0; i < count; i++)
        {
            values[i] = i < inputs.Length ? inputs[i].Data : i == inputs.Length ? call.Output.Data : scalars[i - inputs.Length - 1].Int64;
            addresses[i] = (nint)(values + i);
        }
        context.Device.Launch(function, new LaunchConfig(context.Stream, shape.Blocks, shape.Threads, shape.SharedMemory), new ReadOnlySpan<nint>(addresses, count));
    }

    private DeviceFunction Function(CustomOp op, DType input, DType output)
    {
        if (_functions.TryGetValue((op, input, output), out var function)) return function;
        try
        {
            var text = op.ReadSource();
            // The content is part of the name: two plugins may each have a kernels/scale.cu.
            var hash = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)).AsSpan(0, 6));
            var file = $"custom/{NotInNames().Replace(op.Name, "_")}_{hash}.cu";
            var kernel = OutputType().Replace(InputType().Replace(op.Kernel, Cpp(input)), Cpp(output));
            return _functions[(op, input, output)] = context.Loader.Load(new KernelName(file, kernel), text, op.Flags);
        }
        catch (Exception e) when (e is KernelCompilationException or FileNotFoundException)
        {
            throw new SglException($"custom op {op.Name} ({op.Assembly.GetName().Name}): {MessageText.Line(e.Message)}", e);
        }
    }

    private static string Cpp(DType dtype) => dtype switch
    {
        DType.Int32 => "int",
        DType.Int64 => "long long",
        DType.UInt8 => "unsigned char",
        _ => dtype.Cpp(),
    };

    [GeneratedRegex(@"\bT\b")]
    private static partial Regex InputType();

    [GeneratedRegex(@"\bOut\b")]
    private static partial Regex OutputType();

    [GeneratedRegex("[^A-Za-z0-9_]")]
    private static partial Regex NotInNames();
}
