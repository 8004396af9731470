namespace SglNative.Interop.Kernels;

/// <summary>What one kernel of an image uses, as its image and the compiler's log say. Sizes are bytes.</summary>
/// <param name="Registers">Registers of one thread.</param>
/// <param name="StaticSharedMemory">Shared memory declared with a fixed size.</param>
/// <param name="StackFrame">Local memory of one thread: arrays that could not be kept in registers, and spills.</param>
/// <param name="ParameterSizes">Size of each parameter, in order.</param>
public sealed record KernelResources(int Registers, int StaticSharedMemory, int StackFrame, IReadOnlyList<int> ParameterSizes)
{
    /// <summary>Bytes written by register spills; null where the log does not say.</summary>
    public int? SpillStores { get; init; }

    /// <summary>Bytes read back by register spills; null where the log does not say.</summary>
    public int? SpillLoads { get; init; }
}
