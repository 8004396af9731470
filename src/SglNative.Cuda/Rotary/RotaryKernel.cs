using SglNative.Core.Tensors;
using SglNative.Cuda.Catalog;
using SglNative.Cuda.Kernels;

namespace SglNative.Cuda.Rotary;

/// <summary>Launches kernels/rotary/rotary.cu: rotary position embedding of q and k, in place.</summary>
internal sealed class RotaryKernel(KernelContext context)
{
    /// <summary>Pairs a thread takes at once.</summary>
    private const int Pairs = 4;

    private readonly KernelFamily<Key> _kernels = new(context.Loader, Name);

    public static KernelName Name(Key key) => new("rotary/rotary.cu", $"sgl::rotary<{key.DType.Cpp()}, {key.Interleaved.Cpp()}>");

    /// <summary>The kernels of the catalogue.</summary>
    public static IEnumerable<KernelName> Instantiations(KernelRange range) =>
        from interleaved in range.Switch
        select Name(new(KernelRange.Between, interleaved));

    public void Run(in Tensor q, in Tensor k, in Tensor positions, in Tensor cosSin, bool interleaved)
    {
        q.ExpectDenseRows(nameof(q));
        k.ExpectDenseRows(nameof(k));
        TensorChecks.ExpectSameType(q, k, nameof(k));
        positions.ExpectDense(nameof(positions), DType.Int32);
        if (cosSin.DType != DType.Float32) throw new ArgumentException($"cosSin is {cosSin}, expected float32", nameof(cosSin));
        cosSin.ExpectDenseRows(nameof(cosSin));
        var rotated = checked((int)cosSin.Shape[1]);
        if (rotated == 0) return;
        var arguments = new Arguments
        {
            Query = q.Data,
            Key = k.Data,
            Positions = positions.Data,
            CosSin = cosSin.Data,
            QueryToken = q.Strides[0],
            QueryHead = q.Strides[1],
            KeyToken = k.Strides[0],
            KeyHead = k.Strides[1],
            CosSinStride = cosSin.Strides[0],
            QueryHeads = checked((int)q.Shape[1]),
            KeyHeads = checked((int)k.Shape[1]),
            Rotated = rotated,
            TableRows = checked((int)cosSin.Shape[0]),
        };
        var threads = RowLaunch.ThreadsFor((q.Shape[1] + k.Shape[1]) * ((rotated / 2 + Pairs - 1) / Pairs));
        context.Launch(_kernels[new Key(q.DType, interleaved)], checked((int)q.Shape[0]), threads, arguments);
    }

    /// <summary>Template parameters.</summary>
    public readonly record struct Key(DType DType, bool Interleaved);

    /// <summary><c>RotaryArgs</c>.</summary>
    private struct Arguments
    {
        public nint Query, Key, Positions, CosSin;
        public long QueryToken, QueryHead, KeyToken, KeyHead, CosSinStride;
        public int QueryHeads, KeyHeads, Rotated, TableRows;
    }
}
