using System.Reflection;

namespace SglNative.Models.Registry;

/// <summary>
/// Says that a model's <see cref="CausalLM.WeightMap"/> makes plain weights of checkpoints that are quantised by a method
/// (<c>config.json:quantization_config.quant_method</c>). Checkpoints of other methods are refused. It holds for derived classes too.
/// </summary>
[AttributeUsage(AttributeTargets.Class, AllowMultiple = true)]
public sealed class DequantizesAttribute(string method) : Attribute
{
    /// <summary>Such as <c>fp8</c> or <c>mxfp4</c>.</summary>
    public string Method => method;

    /// <summary>The methods of a class, sorted.</summary>
    public static IReadOnlyList<string> MethodsOf(Type model)
    {
        ArgumentNullException.ThrowIfNull(model);
        return [.. model.GetCustomAttributes<DequantizesAttribute>(inherit: true).Select(one => one.Method).Distinct().Order(StringComparer.Ordinal)];
    }
}
