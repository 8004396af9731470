using System.Runtime.InteropServices;
using SglNative.Core.Tensors;
using SglNative.Models.Backends;
using SglNative.Models.Operations;
using SglNative.OpsContract;

namespace SglNative.KernelSuites;

/// <summary>An operand on the device and the same numbers on the host, dense.</summary>
public readonly record struct Operand(Tensor Tensor, float[] Values);

/// <summary>Makes the operands of cases and frees them together.</summary>
/// <param name="backend">Where the kernels run; stays the caller's.</param>
public sealed class Workbench(Backend backend) : IDisposable
{
    private readonly List<Tensor> _tensors = [];
    private int _seed;

    /// <summary>The operations under test.</summary>
    public Ops Ops => backend.Ops;

    /// <summary>The device they run on.</summary>
    public Backend Backend => backend;

    /// <summary>Rows of random numbers that <paramref name="dtype"/> holds exactly, <paramref name="gap"/> elements apart.</summary>
    public Operand Random(DType dtype, int rows, int width, int gap = 0, float scale = 1, float mean = 0)
    {
        var stride = width + gap;
        var all = Numbers.Rounded(Array.ConvertAll(Numbers.Random(rows * stride, ++_seed, scale), value => value + mean), dtype);
        var whole = Upload(all, dtype, rows, stride);
        if (gap == 0) return new(whole, all);
        var dense = new float[rows * width];
        for (var r = 0; r < rows; r++) all.AsSpan(r * stride + gap, width).CopyTo(dense.AsSpan(r * width));
        return new(whole.Slice(1, gap, width), dense);
    }

    /// <summary>A vector of random numbers.</summary>
    public Operand Random(DType dtype, int count, float scale = 1)
    {
        var values = Numbers.Rounded(Numbers.Random(count, ++_seed, scale), dtype);
        return new(Upload(values, dtype, count), values);
    }

    /// <summary>Normally distributed numbers made on the device, for cases that are only timed.</summary>
    public Tensor Filled(DType dtype, params ReadOnlySpan<long> dims)
    {
        var tensor = Allocate(dtype, dims);
        backend.FillNormal(tensor, 1, (ulong)++_seed);
        return tensor;
    }

    /// <summary>The numbers, rounded to the type.</summary>
    public Tensor Upload(float[] values, DType dtype, params ReadOnlySpan<long> dims)
    {
        var tensor = Allocate(dtype, dims);
        if (values.Length > 0) backend.Upload(Numbers.Encode(values, dtype), tensor);
        return tensor;
    }

    /// <summary>Whole numbers.</summary>
    public Tensor Upload(int[] values, params ReadOnlySpan<long> dims)
    {
        var tensor = dims.Length == 0 ? Allocate(DType.Int32, values.Length) : Allocate(DType.Int32, dims);
        if (values.Length > 0) backend.Upload(MemoryMarshal.AsBytes(values.AsSpan()), tensor);
        return tensor;
    }

    /// <summary>Whole numbers of 64 bits.</summary>
    public Tensor Upload(long[] values)
    {
        var tensor = Allocate(DType.Int64, values.Length);
        if (values.Length > 0) backend.Upload(MemoryMarshal.AsBytes(values.AsSpan()), tensor);
        return tensor;
    }

    /// <summary>Memory with undefined contents.</summary>
    public Tensor Allocate(DType dtype, params ReadOnlySpan<long> dims)
    {
        var tensor = backend.Allocate(new Shape(dims), dtype);
        _tensors.Add(tensor);
        return tensor;
    }

    /// <summary>The bytes of a contiguous tensor.</summary>
    public byte[] Download(in Tensor tensor)
    {
        var bytes = new byte[tensor.ByteCount];
        if (bytes.Length > 0) backend.Download(tensor, bytes);
        return bytes;
    }

    /// <summary>Frees what was made here, after the work that uses it.</summary>
    public void Dispose()
    {
        backend.Synchronize();
        foreach (var tensor in _tensors) backend.Free(tensor);
        _tensors.Clear();
    }
}
