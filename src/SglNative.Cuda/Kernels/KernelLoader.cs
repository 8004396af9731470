using System.Globalization;
using System.Text.RegularExpressions;
using SglNative.Core.Progress;
using SglNative.Interop;
using SglNative.Interop.Kernels;

namespace SglNative.Cuda.Kernels;

/// <summary>Compiles kernels of this assembly's sources, or takes them from the disk cache, and keeps them loaded.</summary>
internal sealed partial class KernelLoader(IComputeDevice device) : IDisposable
{
    private const int FirstThatWaits = 90;

    private static readonly IKernelLibrary Library = KernelLibrary.FromResources(typeof(KernelLoader).Assembly);

    private readonly Dictionary<KernelName, DeviceFunction> _functions = [];
    private readonly List<DeviceModule> _modules = [];
    private readonly List<KernelName> _unprepared = [];

    /// <summary>
    /// Whether kernels wait for the one before by themselves (<c>begin_kernel</c>): code for older chips, which newer ones run too, does not.
    /// </summary>
    public bool KernelsWait { get; private set; } = true;

    /// <summary>Kernels that were compiled when they were first launched.</summary>
    public IReadOnlyList<KernelName> Unprepared => _unprepared;

    /// <summary>The compile unit of one kernel. Each is its own, so that what was prepared and what came up later share the cache.</summary>
    public static KernelSource Source(KernelName kernel) => new(kernel.File, Library, [kernel.Instantiation]);

    /// <summary>The kernel, ready to launch; compiles it when this is the first request.</summary>
    public DeviceFunction Load(KernelName kernel)
    {
        if (_functions.TryGetValue(kernel, out var function)) return function;
        return AddUnprepared(kernel, Source(kernel));
    }

    /// <summary>As <see cref="Load(KernelName)"/>, for a source that is not among the product's but may include its headers.</summary>
    /// <param name="kernel">A file name that no other source has, and the instantiation.</param>
    /// <param name="text">The source.</param>
    /// <param name="flags">Further compiler flags.</param>
    public DeviceFunction Load(KernelName kernel, string text, IReadOnlyList<string> flags)
    {
        if (_functions.TryGetValue(kernel, out var function)) return function;
        return AddUnprepared(kernel, Source(kernel, text, flags));
    }

    /// <summary>The compile unit of a source that is not among the product's.</summary>
    public static KernelSource Source(KernelName kernel, string text, IReadOnlyList<string> flags) =>
        new(kernel.File, new SourceAndHeaders(kernel.File, text, Library), [kernel.Instantiation]) { Flags = flags };

    /// <summary>
    /// Compiles those not loaded yet in parallel, so that the first request does not wait for each in turn. One that does not compile is
    /// left to whoever launches it, and can say what it is part of.
    /// </summary>
    /// <exception cref="Core.SglException">The compiler is not installed.</exception>
    public void Prepare(IEnumerable<KernelSource> sources, IByteProgress? progress)
    {
        var missing = sources.Where(source => !_functions.ContainsKey(Name(source))).DistinctBy(Name).ToArray();
        progress?.Begin("Preparing kernels", missing.Length, unit: "kernels");
        try
        {
            var images = device.CompileKernels(missing, _ => progress?.Advance(1));
            for (var i = 0; i < missing.Length; i++) Add(Name(missing[i]), images[i]);
        }
        catch (KernelCompilationException)
        {
            // Its own launch compiles it again.
        }
        progress?.End();
    }

    private static KernelName Name(KernelSource source) => new(source.Name, source.Instantiations[0]);

    /// <summary>Unloads everything.</summary>
    public void Dispose()
    {
        _functions.Clear();
        foreach (var module in _modules) module.Dispose();
        _modules.Clear();
    }

    [GeneratedRegex(@"(?<=^(sm|compute)_)\d+", RegexOptions.ExplicitCapture)]
    private static partial Regex Number();

    private sealed class SourceAndHeaders(string file, string text, IKernelLibrary headers) : IKernelLibrary
    {
        public string? Find(string path) => path == file ? text : headers.Find(path);
    }

    private DeviceFunction AddUnprepared(KernelName kernel, KernelSource source)
    {
        _unprepared.Add(kernel);
        return Add(kernel, device.CompileKernel(source));
    }

    private DeviceFunction Add(KernelName kernel, KernelImage image)
    {
        if (Number().Match(image.Architecture) is { Success: true } number && int.Parse(number.ValueSpan, CultureInfo.InvariantCulture) < FirstThatWaits) KernelsWait = false;
        var module = device.LoadModule(image);
        _modules.Add(module);
        return _functions[kernel] = module.GetFunction(kernel.Instantiation);
    }
}
