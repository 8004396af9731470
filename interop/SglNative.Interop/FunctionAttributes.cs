namespace SglNative.Interop;

/// <summary>What the compiler says about a kernel. Sizes are bytes.</summary>
/// <param name="Registers">Registers of one thread.</param>
/// <param name="StaticSharedMemory">Shared memory it declares with a fixed size.</param>
/// <param name="LocalMemory">Local memory (stack and spills) of one thread.</param>
/// <param name="ConstantMemory">Constant memory it declares.</param>
/// <param name="MaxThreadsPerBlock">Largest block it can be launched with.</param>
/// <param name="MaxDynamicSharedMemory">Largest dynamic shared memory it may be launched with at present.</param>
public readonly record struct FunctionAttributes(
    int Registers, int StaticSharedMemory, int LocalMemory, int ConstantMemory, int MaxThreadsPerBlock, int MaxDynamicSharedMemory);
