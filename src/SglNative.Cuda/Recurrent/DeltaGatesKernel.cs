using SglNative.Core.Tensors;
using SglNative.Cuda.Catalog;
using SglNative.Cuda.Kernels;

namespace SglNative.Cuda.Recurrent;

/// <summary>Launches kernels/recurrent/delta_gates.cu.</summary>
internal sealed class DeltaGatesKernel(KernelContext context)
{
    private const int Threads = 256;

    private readonly KernelFamily<Key> _kernels = new(context.Loader, Name);

    public static KernelName Name(Key key) => new("recurrent/delta_gates.cu", $"sgl::delta_gates<{key.DType.Cpp()}, {key.Weight.Cpp()}>");

    /// <summary>The kernels of the catalogue.</summary>
    public static IEnumerable<KernelName> Instantiations(KernelRange range) => [Name(new(KernelRange.Between, KernelRange.Between))];

    public void Run(in Tensor a, in Tensor b, in Tensor aLog, in Tensor dtBias, in Tensor logDecay, in Tensor beta)
    {
        a.ExpectDenseRows(nameof(a));
        b.ExpectDenseRows(nameof(b));
        TensorChecks.ExpectSameType(a, b, nameof(b));
        aLog.ExpectDenseRows(nameof(aLog));
        dtBias.ExpectDense(nameof(dtBias), aLog.DType);
        var arguments = new Arguments
        {
            A = a.Data,
            B = b.Data,
            ALog = aLog.Data,
            DtBias = dtBias.Data,
            LogDecay = logDecay.Data,
            Beta = beta.Data,
            AStride = a.Strides[0],
            BStride = b.Strides[0],
            Count = a.Count,
            Heads = checked((int)a.Shape[1]),
        };
        context.Launch(_kernels[new Key(a.DType, aLog.DType)], checked((int)((a.Count + Threads - 1) / Threads)), Threads, arguments);
    }

    /// <summary>Template parameters.</summary>
    public readonly record struct Key(DType DType, DType Weight);

    /// <summary><c>DeltaGateArgs</c>.</summary>
    private struct Arguments
    {
        public nint A, B, ALog, DtBias, LogDecay, Beta;
        public long AStride, BStride, Count;
        public int Heads;
    }
}
