using SglNative.Cuda.Catalog;
using SglNative.Interop.Cuda.Compilation;
using SglNative.Interop.Kernels;

namespace SglNative.Kernels.Harness;

/// <summary>Whether a pack and NVRTC make the same machine code of the same sources. No GPU is needed.</summary>
internal static class ImageComparison
{
    /// <summary>Returns the number of kernels whose code differs; such code may still give the same results, which --hashes shows.</summary>
    public static int Run(string path)
    {
        using var pack = KernelPack.Open(path);
        var cache = new KernelCache();
        var different = 0;
        foreach (var architecture in pack.Architectures.Where(name => name.StartsWith("sm_", StringComparison.Ordinal)))
        {
            var toolchain = NvrtcToolchain.ForArchitecture(architecture);
            int same = 0, changed = 0, missing = 0;
            Parallel.ForEach(KernelCatalog.Sources(architecture), source =>
            {
                if (pack.Find(source, architecture, out var reason) is not { } packed)
                {
                    if (Interlocked.Increment(ref missing) == 1) Console.WriteLine($"  not compared: {reason}");
                    return;
                }
                if (Code(packed).SequenceEqual(Code(cache.GetOrCompile(source, toolchain))))
                {
                    Interlocked.Increment(ref same);
                    return;
                }
                Interlocked.Increment(ref changed);
                Console.WriteLine($"  different code: {source.Instantiations[0]}");
            });
            Console.WriteLine($"{architecture}: {pack.Compiler} and {toolchain.Identity} make the same machine code of {same} kernels, different code of {changed}; {missing} are not in the pack");
            different += changed;
        }
        return different;
    }

    private static ReadOnlySpan<byte> Code(KernelImage image) => CubinReader.ReadCode(image.Code.Span, image.Symbols.Values.Single());
}
