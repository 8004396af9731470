namespace SglNative.KernelSuites;

/// <summary>
/// Shapes in which one kernel is checked against its reference and timed. A kernel joins the harness by deriving a class and adding
/// it to <see cref="Suites.All"/>.
/// </summary>
public abstract class KernelSuite
{
    /// <summary>The source file, from the root of kernels/.</summary>
    public abstract string Kernel { get; }

    /// <summary>Cases with a reference: odd sizes, no rows, the largest grids, strides.</summary>
    public abstract IEnumerable<KernelCase> Checks { get; }

    /// <summary>Cases that are timed, of the sizes that models have.</summary>
    public abstract IEnumerable<KernelCase> Speeds { get; }
}
