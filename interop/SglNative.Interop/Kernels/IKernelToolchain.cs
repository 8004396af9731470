namespace SglNative.Interop.Kernels;

/// <summary>A compiler for kernels: NVRTC, or a C++ compiler of the host. Safe to call from several threads at once.</summary>
public interface IKernelToolchain
{
    /// <summary>Name and version, as part of what decides whether a cached image is still right: <c>NVRTC 12.4</c>.</summary>
    string Identity { get; }

    /// <summary>What it compiles for: <c>sm_90a</c>, <c>compute_90</c>, the host's.</summary>
    string Architecture { get; }

    /// <summary>What it produces.</summary>
    KernelImageFormat Format { get; }

    /// <summary>All flags with which <paramref name="source"/> is compiled.</summary>
    IReadOnlyList<string> FlagsFor(KernelSource source);

    /// <summary>
    /// Compiles. <paramref name="folder"/> exists and holds the files of <paramref name="tree"/> under their paths; further files the
    /// toolchain wants to keep (generated sources, say) may be written to it.
    /// </summary>
    /// <exception cref="KernelCompilationException">The source does not compile.</exception>
    KernelImage Compile(KernelSource source, KernelSourceTree tree, string folder);
}
