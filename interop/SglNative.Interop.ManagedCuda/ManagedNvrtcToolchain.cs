using System.Globalization;
using ManagedCuda.NVRTC;
using SglNative.Interop.Cuda.Compilation;
using SglNative.Interop.Cuda.Libraries;
using SglNative.Interop.Kernels;

namespace SglNative.Interop.ManagedCuda;

/// <summary>NVRTC through the package.</summary>
internal sealed class ManagedNvrtcToolchain : IKernelToolchain
{
    private readonly NvrtcTarget _target;
    private readonly IReadOnlyList<string> _flags;

    public ManagedNvrtcToolchain(DeviceCapabilities device, DeviceOptions options)
    {
        CudaLibraries.Require(CudaLibrary.Nvrtc, options.LibraryFolders, device.DriverVersion.Major);
        var version = CudaRuntimeCompiler.GetVersion();
        Identity = string.Create(CultureInfo.InvariantCulture, $"NVRTC {version.Major}.{version.Minor}");
        _target = NvrtcTarget.Choose(device.ComputeCapability, CudaRuntimeCompiler.GetSupportedArchs(), Identity);
        _flags = [$"--gpu-architecture={_target.Architecture}", "--std=c++20", "--ptxas-options=-v", .. options.CompilerFlags];
    }

    public string Identity { get; }

    public string Architecture => _target.Architecture;

    public KernelImageFormat Format => _target.Format;

    public IReadOnlyList<string> FlagsFor(KernelSource source) => [.. _flags, .. source.Flags];

    public KernelImage Compile(KernelSource source, KernelSourceTree tree, string folder)
    {
        using var program = new CudaRuntimeCompiler(
            tree.Text, tree.Name, [.. tree.Headers.Select(header => header.Value)], [.. tree.Headers.Select(header => header.Key)]);
        try
        {
            foreach (var instantiation in source.Instantiations) program.AddNameExpression(instantiation);
            program.Compile([.. FlagsFor(source), .. source.Defines.Select(define => $"--define-macro={define.Key}={define.Value}")]);
            var symbols = source.Instantiations.Distinct().ToDictionary(name => name, program.GetLoweredName, StringComparer.Ordinal);
            var code = Format == KernelImageFormat.Cubin ? program.GetCubin() : program.GetPTX();
            return new KernelImage(source.Name, Format, Architecture, code, symbols) { Log = Log(program) };
        }
        catch (NVRTCException e)
        {
            throw new KernelCompilationException(source.Name, Log(program) is { Length: > 0 } log ? log : e.Message);
        }
    }

    private static string Log(CudaRuntimeCompiler program) => program.GetLogAsString().TrimEnd('\0', '\n');
}
