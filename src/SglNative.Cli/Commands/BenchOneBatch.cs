using SglNative.Core;
using SglNative.Core.Progress;
using SglNative.Engine.Benchmarking;
using SglNative.Engine.Configuration;
using SglNative.Engine.Loading;

namespace SglNative.Cli.Commands;

/// <summary>What <c>bench-one-batch</c> does with its flags: one of its modes, on one loaded model.</summary>
internal static class BenchOneBatch
{
    public static async Task<int> RunAsync(ServerCommandLine line, CommandContext context)
    {
        var (args, values) = (line.Args, line.Values);
        var device = DeviceOpener.Decide(args, out var fallback);
        if (fallback is not null) await context.Error.WriteLineAsync(fallback);
        foreach (var note in line.Resolve(device)) await context.Error.WriteLineAsync(note);
        if (values.Get(BenchOneBatchFlags.Reference) is { } file && !File.Exists(file)) throw new SglException($"--reference: no such file: {file}");

        using var loaded = await ModelLoader.LoadAsync(args, progress: ConsoleByteProgress.ForStandardError(), cancellation: context.Stop);
        await context.Error.WriteLineAsync($"Loaded {loaded.Info.ClassName} ({loaded.Info.Package}) on {loaded.Info.Device}");
        foreach (var warning in loaded.Info.Warnings) await context.Error.WriteLineAsync($"warning: {warning}");
        if (values.Get(BenchOneBatchFlags.Reference) is { } reference) return Compare(line, loaded, reference, context);
        throw new SglException("only --reference is there");
    }

    private static int Compare(ServerCommandLine line, LoadedModel loaded, string path, CommandContext context)
    {
        var values = line.Values;
        using var reference = ReferenceFile.Open(path, loaded.Info.VocabSize);
        int? batchSize = values.Has(BenchOneBatchFlags.BatchSize) ? values.Get(BenchOneBatchFlags.BatchSize)[0] : null;
        var report = ReferenceComparison.Run(line.Args, loaded, reference, batchSize, values.Get(BenchOneBatchFlags.Tolerance), context.Stop);
        report.Write(context.Out);
        return report.Passed ? ExitCode.Done : ExitCode.UserError;
    }
}
