namespace SglNative.Interop.Kernels;

/// <summary>How far a parallel build is.</summary>
/// <param name="Completed">Sources that are done.</param>
/// <param name="Total">Sources in all.</param>
/// <param name="Kernel">The one that was completed last.</param>
public readonly record struct KernelBuildProgress(int Completed, int Total, string Kernel);
