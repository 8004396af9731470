namespace SglNative.Core.Tensors;

/// <summary>Element types of tensors, in checkpoints and on devices.</summary>
public enum DType : byte
{
    /// <summary>IEEE single precision.</summary>
    Float32,
    /// <summary>IEEE half precision.</summary>
    Float16,
    /// <summary>Brain float: the upper 16 bits of a float32.</summary>
    BFloat16,
    /// <summary>IEEE double precision; found in checkpoints only.</summary>
    Float64,
    /// <summary>8-bit float, 4 exponent bits, no infinities (OCP e4m3fn).</summary>
    Float8E4M3,
    /// <summary>8-bit float, 5 exponent bits (OCP e5m2).</summary>
    Float8E5M2,
    /// <summary>Power-of-two scale, 8 exponent bits (OCP e8m0).</summary>
    Float8E8M0,
    /// <summary>Signed 64-bit integer.</summary>
    Int64,
    /// <summary>Signed 32-bit integer.</summary>
    Int32,
    /// <summary>Signed 16-bit integer.</summary>
    Int16,
    /// <summary>Signed 8-bit integer.</summary>
    Int8,
    /// <summary>Unsigned 8-bit integer.</summary>
    UInt8,
    /// <summary>Unsigned 16-bit integer; found in checkpoints only.</summary>
    UInt16,
    /// <summary>Unsigned 32-bit integer; packed quantised weights come so.</summary>
    UInt32,
    /// <summary>Unsigned 64-bit integer; found in checkpoints only.</summary>
    UInt64,
    /// <summary>One byte, 0 or 1.</summary>
    Bool,
}

/// <summary>What is known about a <see cref="DType"/>.</summary>
public static class DTypeExtensions
{
    /// <summary>Bytes of one element.</summary>
    public static int Size(this DType dtype) => dtype switch
    {
        DType.Float64 or DType.Int64 or DType.UInt64 => 8,
        DType.Float32 or DType.Int32 or DType.UInt32 => 4,
        DType.Float16 or DType.BFloat16 or DType.Int16 or DType.UInt16 => 2,
        _ => 1,
    };

    /// <summary>True for the types that activations and weights can be computed in: float32, float16, bfloat16.</summary>
    public static bool IsCompute(this DType dtype) => dtype is DType.Float32 or DType.Float16 or DType.BFloat16;

    /// <summary>The name PyTorch and <c>config.json</c> use, such as <c>bfloat16</c>.</summary>
    public static string TorchName(this DType dtype) => dtype switch
    {
        DType.Float8E4M3 => "float8_e4m3fn",
        DType.Float8E5M2 => "float8_e5m2",
        DType.Float8E8M0 => "float8_e8m0fnu",
#pragma warning disable CA1308 // the names are lower case by definition
        _ => dtype.ToString().ToLowerInvariant(),
#pragma warning restore CA1308
    };

    /// <summary>Reads what <see cref="TorchName"/> writes, with or without <c>torch.</c>, and PyTorch's aliases (half, float, double).</summary>
    public static bool TryParseTorchName(string name, out DType dtype)
    {
        name = name.StartsWith("torch.", StringComparison.Ordinal) ? name["torch.".Length..] : name;
        name = name switch { "half" => "float16", "float" => "float32", "double" => "float64", _ => name };
        foreach (var candidate in Enum.GetValues<DType>())
            if (candidate.TorchName() == name)
            {
                dtype = candidate;
                return true;
            }
        dtype = default;
        return false;
    }
}
