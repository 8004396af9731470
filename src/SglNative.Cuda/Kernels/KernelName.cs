namespace SglNative.Cuda.Kernels;

/// <summary>A kernel: the file below <c>kernels/</c> and the C++ expression that instantiates it.</summary>
internal readonly record struct KernelName(string File, string Instantiation);
