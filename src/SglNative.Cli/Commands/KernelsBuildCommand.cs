using System.Globalization;
using SglNative.Core;
using SglNative.Cuda.Catalog;
using SglNative.Engine.Configuration.Flags;
using SglNative.Interop.Cuda.Compilation;
using SglNative.Interop.Kernels;

namespace SglNative.Cli.Commands;

/// <summary><c>sgl-native kernels build</c>: the kernel pack by NVRTC, where there is no nvcc.</summary>
internal sealed class KernelsBuildCommand : ICommand
{
    private static readonly Flag<string?> Architectures =
        Flag.Text("--architectures", "What to compile for, with commas between.").Shown("LIST").Own().ForCommand();

    private static readonly Flag<string?> Output =
        Flag.Text("--output", $"The archive; beside the program and called {KernelPack.FileName} it is used from then on.").Shown("FILE").Own().ForCommand();

    private static readonly Flag<string?> Kernel =
        Flag.Text("--kernel", "Only kernels whose file has this in its name; the others are compiled when they are first used.").Shown("TEXT").Own().ForCommand();

    private static readonly FlagGroup Flags = new("flags", [Architectures, Kernel, Output]);

    public string Name => "kernels build";

    public string Summary => "Compiles the CUDA kernels ahead of time with NVRTC, so that no compiler is needed when they run.";

    public string Help(int width) => $"""
        usage: sgl-native kernels build [--architectures {string.Join(',', ChipProfile.Architectures)}] [--kernel TEXT] [--output {KernelPack.FileName}]

        {Summary}
        With nvcc, CMakeLists.txt makes the same archive. The catalogue is what 'sgl-native kernels list' shows.

        """ + FlagHelp.Write([Flags], width);

    public async Task<int> RunAsync(IReadOnlyList<string> args, CommandContext context)
    {
        var values = CommandLineReader.Read(new FlagTable(Flags), args);
        var output = values.Get(Output) ?? KernelPack.FileName;
        var architectures = values.Get(Architectures)?.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries) ?? [.. ChipProfile.Architectures];
        var chosen = values.Get(Kernel) ?? "";
        var cache = new KernelCache();
        var kernels = new List<(KernelSource, KernelImage)>();
        var compiler = "";
        // A wrong name is told before a compiler is looked for.
        foreach (var (architecture, all) in architectures.Select(name => (name, KernelCatalog.Sources(name))).ToArray())
        {
            KernelSource[] sources = [.. all.Where(source => source.Name.Contains(chosen, StringComparison.Ordinal))];
            if (sources.Length == 0) throw new SglException($"no kernel file has '{chosen}' in its name; 'sgl-native kernels list' shows them");
            var toolchain = NvrtcToolchain.ForArchitecture(architecture);
            compiler = toolchain.Identity;
            var images = KernelBuilder.CompileKernels(sources, toolchain, cache, parallelism: 0, stop: context.Stop);
            kernels.AddRange(sources.Zip(images));
            await context.Error.WriteLineAsync(string.Create(CultureInfo.InvariantCulture, $"{architecture}: {sources.Length} kernels"));
        }
        try
        {
            KernelPackWriter.Write(output, compiler, kernels);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new SglException($"cannot write {output}: {e.Message}", e);
        }
        await context.Out.WriteLineAsync(string.Create(CultureInfo.InvariantCulture, $"{output}: {kernels.Count} kernels by {compiler}, {new FileInfo(output).Length / 1e6:F1} MB"));
        return ExitCode.Done;
    }
}
