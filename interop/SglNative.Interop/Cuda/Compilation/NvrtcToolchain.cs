using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using SglNative.Core;
using SglNative.Interop.Cuda.Libraries;
using SglNative.Interop.Cuda.Native;
using SglNative.Interop.Kernels;

namespace SglNative.Interop.Cuda.Compilation;

/// <summary>NVIDIA's run-time compiler, of CUDA 12 or 13. It needs no GPU.</summary>
public sealed class NvrtcToolchain : IKernelToolchain
{
    private readonly NvrtcTarget _target;
    private readonly IReadOnlyList<string> _flags;

    private NvrtcToolchain(NvrtcTarget target, string identity, IReadOnlyList<string> extraFlags)
    {
        _target = target;
        Identity = identity;
        _flags = [$"--gpu-architecture={target.Architecture}", "--std=c++20", "--ptxas-options=-v", .. extraFlags];
    }

    /// <inheritdoc/>
    public string Identity { get; }

    /// <inheritdoc/>
    public string Architecture => _target.Architecture;

    /// <inheritdoc/>
    public KernelImageFormat Format => _target.Format;

    /// <summary>A compiler for a named architecture: <c>sm_80</c>, <c>sm_90a</c>, <c>compute_80</c>.</summary>
    /// <exception cref="SglException">NVRTC is not installed, or does not know the architecture; the message names what to install.</exception>
    public static NvrtcToolchain ForArchitecture(string architecture, DeviceOptions? options = null)
    {
        options ??= DeviceOptions.Default;
        CudaLibraries.Require(CudaLibrary.Nvrtc, options.LibraryFolders, CudaAvailability.InstalledDriverMajor());
        var identity = LoadedIdentity();
        return new(NvrtcTarget.Parse(architecture, SupportedCapabilities(), identity), identity, options.CompilerFlags);
    }

    /// <summary>A compiler for a device of the given compute capability (90 for 9.0) behind a driver of CUDA <paramref name="driverMajor"/>.</summary>
    /// <exception cref="SglException">NVRTC is not installed, or cannot compile for that device.</exception>
    public static NvrtcToolchain ForDevice(int capability, int driverMajor, DeviceOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        CudaLibraries.Require(CudaLibrary.Nvrtc, options.LibraryFolders, driverMajor);
        var identity = LoadedIdentity();
        return new(NvrtcTarget.Choose(capability, SupportedCapabilities(), identity), identity, options.CompilerFlags);
    }

    /// <summary>True when NVRTC can be used, with its name and version, else with the reason why not.</summary>
    public static bool IsAvailable([NotNullWhen(true)] out string? identity, [NotNullWhen(false)] out string? reason)
    {
        var driver = CudaAvailability.InstalledDriverMajor();
        var found = CudaLibraries.TryLoad(CudaLibrary.Nvrtc, [], driver);
        identity = found ? LoadedIdentity() : null;
        reason = found ? null : CudaLibraryNames.MissingMessage(CudaLibrary.Nvrtc, driver, OperatingSystem.IsWindows());
        return found;
    }

    /// <inheritdoc/>
    public IReadOnlyList<string> FlagsFor(KernelSource source)
    {
        ArgumentNullException.ThrowIfNull(source);
        return [.. _flags, .. source.Flags];
    }

    /// <inheritdoc/>
    public KernelImage Compile(KernelSource source, KernelSourceTree tree, string folder)
    {
        ArgumentNullException.ThrowIfNull(source);
        using var program = NvrtcProgram.Create(tree);
        foreach (var instantiation in source.Instantiations) program.AddNameExpression(instantiation);
        string[] flags = [.. FlagsFor(source), .. source.Defines.Select(define => $"--define-macro={define.Key}={define.Value}")];
        if (!program.Compile(flags)) throw new KernelCompilationException(source.Name, program.ReadLog());
        var symbols = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var instantiation in source.Instantiations) symbols[instantiation] = program.GetLoweredName(instantiation);
        var code = Format == KernelImageFormat.Cubin ? program.ReadCubin() : program.ReadPtx();
        return new KernelImage(source.Name, Format, Architecture, code, symbols) { Log = program.ReadLog() };
    }

    private static string LoadedIdentity()
    {
        NvrtcProgram.Check(NvrtcApi.Version(out var major, out var minor), "nvrtcVersion");
        return string.Create(CultureInfo.InvariantCulture, $"NVRTC {major}.{minor}");
    }

    private static unsafe int[] SupportedCapabilities()
    {
        NvrtcProgram.Check(NvrtcApi.GetNumSupportedArchs(out var count), "nvrtcGetNumSupportedArchs");
        var supported = new int[count];
        fixed (int* first = supported) NvrtcProgram.Check(NvrtcApi.GetSupportedArchs(first), "nvrtcGetSupportedArchs");
        return supported;
    }
}
