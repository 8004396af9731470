using System.Runtime.InteropServices;

namespace SglNative.Models.Operations.Custom;

/// <summary>A number given to a kernel of one's own: <c>int</c>, <c>long long</c> or <c>float</c> there, as it was given here.</summary>
[StructLayout(LayoutKind.Explicit)]
public readonly struct KernelScalar
{
    [FieldOffset(0)]
    private readonly long _bits;

    [FieldOffset(0)]
    private readonly int _integer;

    [FieldOffset(0)]
    private readonly float _number;

    /// <summary>An <c>int</c>.</summary>
    public KernelScalar(int value) => _integer = value;

    /// <summary>A <c>long long</c>.</summary>
    public KernelScalar(long value) => _bits = value;

    /// <summary>A <c>float</c>.</summary>
    public KernelScalar(float value) => _number = value;

    /// <summary>As a long, where it was given as one.</summary>
    public long Int64 => _bits;

    /// <summary>As an int, where it was given as one.</summary>
    public int Int32 => _integer;

    /// <summary>As a float, where it was given as one.</summary>
    public float Single => _number;

    /// <summary>An <c>int</c>.</summary>
    public static implicit operator KernelScalar(int value) => new(value);

    /// <summary>A <c>long long</c>.</summary>
    public static implicit operator KernelScalar(long value) => new(value);

    /// <summary>A <c>float</c>.</summary>
    public static implicit operator KernelScalar(float value) => new(value);

    /// <summary>The bytes, the first of which a kernel reads.</summary>
    public static KernelScalar ToKernelScalar(long value) => new(value);
}
