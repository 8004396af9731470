using SglNative.Core.Tensors;

namespace SglNative.KernelSuites;

/// <summary>One shape of one kernel.</summary>
/// <param name="Shape">As printed: types and sizes.</param>
/// <param name="Prepare">Makes the operands.</param>
public sealed record KernelCase(string Shape, Func<Workbench, KernelRun> Prepare)
{
    /// <summary>True for a case that takes long on a slow device: left out of runs under a sanitizer or on the host.</summary>
    public bool IsLarge { get; init; }
}

/// <summary>A case whose operands are there.</summary>
/// <param name="Launch">Queues the kernel and returns what it writes.</param>
public sealed record KernelRun(Func<Tensor> Launch)
{
    /// <summary>What it ought to write, in double precision; null for a case that is only timed. It uses the host alone.</summary>
    public Func<double[]>? Expected { get; init; }

    /// <summary>As <see cref="Expected"/> where several results are right: given what was written, the right result nearest to it.</summary>
    public Func<float[], double[]>? Accepted { get; init; }

    /// <summary>The largest <see cref="OpsContract.Numbers.ScaledError"/>; 0 asks for equality.</summary>
    public double Tolerance { get; init; }

    /// <summary>Bytes that must cross the memory bus: each operand once.</summary>
    public long Bytes { get; init; }

    /// <summary>Multiplications and additions on tensor cores; 0 where memory is what counts.</summary>
    public double Flops { get; init; }
}
