using SglNative.Core;
using SglNative.Cuda.Catalog;

namespace SglNative.Cli.Commands;

/// <summary><c>sgl-native kernels list</c>: the kernels that are compiled ahead of time.</summary>
internal sealed class KernelsListCommand : ICommand
{
    public string Name => "kernels list";

    public string Summary => "Lists the CUDA kernels that are compiled ahead of time: architectures, source file, instantiation.";

    public string Help(int width) => $"""
        usage: sgl-native kernels list

        {Summary}
        kernels/catalog.txt, from which CMakeLists.txt builds the kernel pack, is its output.

        """;

    public async Task<int> RunAsync(IReadOnlyList<string> args, CommandContext context)
    {
        if (args.Count > 0) throw new SglException($"kernels list takes no more words, but was given '{string.Join(' ', args)}'");
        await context.Out.WriteAsync(KernelCatalog.Listing());
        return ExitCode.Done;
    }
}
