using System.Text;
using SglNative.Interop.Kernels;

namespace SglNative.Interop.Tests.Kernels;

/// <summary>Compiles nothing: the image says what it was made of, and each compilation is counted.</summary>
internal sealed class FakeToolchain : IKernelToolchain
{
    private int _compilations;

    public string Identity { get; init; } = "fake 1.0";

    public string Architecture { get; init; } = "sm_90a";

    public KernelImageFormat Format => KernelImageFormat.Cubin;

    public IReadOnlyList<string> Flags { get; init; } = ["--std=c++20"];

    public Action<string>? WhileCompiling { get; init; }

    public int Compilations => _compilations;

    public IReadOnlyList<string> FlagsFor(KernelSource source) => [.. Flags, .. source.Flags];

    public KernelImage Compile(KernelSource source, KernelSourceTree tree, string folder)
    {
        var number = Interlocked.Increment(ref _compilations);
        WhileCompiling?.Invoke(folder);
        if (tree.Text.Contains("#error", StringComparison.Ordinal)) throw new KernelCompilationException(source.Name, "error: #error");
        var code = Encoding.UTF8.GetBytes($"{source.Name} {string.Concat(tree.Headers.Select(h => h.Value))}{tree.Text}");
        return new KernelImage(source.Name, Format, Architecture, code, source.Instantiations.ToDictionary(i => i, i => "_Z" + i))
        {
            Log = $"log of compilation {number}",
        };
    }
}
