using System.Runtime.InteropServices;
using SglNative.Core.Tensors;
using SglNative.Models.Backends;
using SglNative.Models.Operations;

namespace SglNative.OpsContract;

/// <summary>
/// What every backend must do, against <see cref="Reference"/>. A backend's test project derives a class that hands over its
/// backend (and keeps ownership of it). Nothing here knows more than <see cref="Backend"/> and <see cref="Ops"/>.
/// </summary>
public abstract partial class OpsContractTests : IDisposable
{
    private readonly List<Tensor> _tensors = [];

    protected OpsContractTests(Backend backend)
    {
        Backend = backend;
        Ops.Arena.BeginStep();
    }

    protected Backend Backend { get; }

    protected Ops Ops => Backend.Ops;

    /// <summary>Types of activations that the operations are checked with.</summary>
    protected virtual IReadOnlyList<DType> ActivationTypes => [DType.Float32, DType.BFloat16, DType.Float16];

    /// <summary>Types of activations and weights that meet in <see cref="Ops.Linear"/>.</summary>
    protected virtual IReadOnlyList<(DType X, DType Weight)> LinearTypes =>
        [(DType.Float32, DType.Float32), (DType.BFloat16, DType.BFloat16), (DType.Float16, DType.Float16)];

    /// <summary>Types of queries and cache that meet in <see cref="Ops.Attention"/>.</summary>
    protected virtual IReadOnlyList<(DType Query, DType Cache)> AttentionTypes =>
        [(DType.Float32, DType.Float32), (DType.BFloat16, DType.BFloat16), (DType.Float16, DType.Float16)];

    /// <summary>
    /// The largest <see cref="ScaledError"/> of a result of that type: float32 arithmetic on some thousand terms, and the one
    /// rounding of the result.
    /// </summary>
    protected virtual double Tolerance(DType dtype) => 1e-5 + 1.01 * Numbers.Roundoff(dtype);

    /// <summary>As <see cref="Tolerance"/>, for <see cref="Ops.Linear"/>, where a backend may round x to the weight's type.</summary>
    protected virtual double LinearTolerance(DType x, DType weight, DType output) => Tolerance(output);

    /// <summary>As <see cref="Tolerance"/>, for attention, whose weights a backend may round to the cache's type.</summary>
    protected virtual double AttentionTolerance(DType dtype) => Tolerance(dtype);

    public void Dispose()
    {
        Dispose(true);
        GC.SuppressFinalize(this);
    }

    protected virtual void Dispose(bool disposing)
    {
        if (!disposing) return;
        Backend.Synchronize();
        foreach (var tensor in _tensors) Backend.Free(tensor);
        _tensors.Clear();
    }

    /// <summary>
    /// The measure of every comparison: the largest |actual − expected| / (|expected| + RMS of expected). Relative for numbers of
    /// ordinary size, absolute in units of the whole for those that cancelled to nearly nothing.
    /// </summary>
    protected static double ScaledError(ReadOnlySpan<float> actual, ReadOnlySpan<double> expected)
    {
        Assert.Equal(expected.Length, actual.Length);
        var squares = 0.0;
        foreach (var value in expected) squares += value * value;
        var scale = Math.Sqrt(squares / Math.Max(1, expected.Length)) + 1e-30;
        var worst = 0.0;
        for (var i = 0; i < expected.Length; i++)
        {
            var error = Math.Abs(actual[i] - expected[i]) / (Math.Abs(expected[i]) + scale);
            if (!(error <= worst)) worst = error;
        }
        return worst;
    }

    protected static void AssertClose(ReadOnlySpan<float> actual, ReadOnlySpan<double> expected, double tolerance, string what)
    {
        var error = ScaledError(actual, expected);
        Assert.True(error <= tolerance, $"{what}: scaled error {error:G3}, at most {tolerance:G3}");
    }

    /// <summary>A tensor of the numbers, which must fit the type exactly or are rounded; freed after the test.</summary>
    protected Tensor Upload(float[] values, DType dtype, params ReadOnlySpan<long> dims)
    {
        var tensor = Allocate(dtype, dims);
        Backend.Upload(Numbers.Encode(values, dtype), tensor);
        return tensor;
    }

    protected Tensor UploadInts(int[] values, params ReadOnlySpan<long> dims)
    {
        var tensor = dims.Length == 0 ? Allocate(DType.Int32, values.Length) : Allocate(DType.Int32, dims);
        Backend.Upload(MemoryMarshal.AsBytes(values.AsSpan()), tensor);
        return tensor;
    }

    protected Tensor UploadLongs(long[] values)
    {
        var tensor = Allocate(DType.Int64, values.Length);
        Backend.Upload(MemoryMarshal.AsBytes(values.AsSpan()), tensor);
        return tensor;
    }

    protected Tensor Allocate(DType dtype, params ReadOnlySpan<long> dims)
    {
        var tensor = Backend.Allocate(new Shape(dims), dtype);
        _tensors.Add(tensor);
        return tensor;
    }

    protected float[] Download(in Tensor tensor) => Numbers.Decode(DownloadBytes(tensor), tensor.DType);

    protected int[] DownloadInts(in Tensor tensor) => MemoryMarshal.Cast<byte, int>(DownloadBytes(tensor)).ToArray();

    protected byte[] DownloadBytes(in Tensor tensor)
    {
        var bytes = new byte[tensor.ByteCount];
        if (bytes.Length > 0) Backend.Download(tensor, bytes);
        return bytes;
    }
}
