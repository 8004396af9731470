namespace SglNative.Interop.Kernels;

/// <summary>A set of kernel files and headers, found by path from their common root with <c>/</c> between folders.</summary>
public interface IKernelLibrary
{
    /// <summary>Text of the file, or null when there is none.</summary>
    string? Find(string path);
}
