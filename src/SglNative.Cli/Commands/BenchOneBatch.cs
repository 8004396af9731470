using SglNative.Cli.Registry;
using SglNative.Core;
using SglNative.Engine.Benchmarking;
using SglNative.Engine.Configuration;
using SglNative.Engine.Configuration.Flags;
using SglNative.Engine.Loading;
using SglNative.Tokenizers;

namespace SglNative.Cli.Commands;

/// <summary>What <c>bench-one-batch</c> does with its flags: one of its modes, on one loaded model.</summary>
internal sealed class BenchOneBatch
{
    private readonly ServerArgs _args;
    private readonly FlagValues _values;
    private readonly LoadedModel _loaded;
    private readonly HfTokenizer? _tokenizer;
    private readonly CommandContext _context;

    private BenchOneBatch(ServerCommandLine line, LoadedModel loaded, HfTokenizer? tokenizer, CommandContext context) =>
        (_args, _values, _loaded, _tokenizer, _context) = (line.Args, line.Values, loaded, tokenizer, context);

    public static async Task<int> RunAsync(ServerCommandLine line, CommandContext context)
    {
        var (args, values) = (line.Args, line.Values);
        var mode = BenchModes.Choose(values);
        var device = DeviceOpener.Decide(args, out var fallback);
        if (fallback is not null) await context.Error.WriteLineAsync($"info: running on the CPU: {fallback}");
        foreach (var note in line.Resolve(device)) await context.Error.WriteLineAsync($"info: {note}");
        // What the disk refuses is found before minutes of loading, not after.
        if (values.Get(BenchOneBatchFlags.Reference) is { } file && !File.Exists(file)) throw new SglException($"--reference: no such file: {file}");
        var texts = ReadPromptFile(values.Get(BenchOneBatchFlags.PromptFilename));
        using var results = mode == BenchMode.Latency ? OpenResults(values.Get(BenchOneBatchFlags.ResultFilename)) : null;

        var directory = await ModelLoader.LocateAsync(args, context.Progress, context.Stop);
        var needed = mode == BenchMode.Correctness ? !values.Has(BenchOneBatchFlags.InputIds) : mode == BenchMode.Latency && texts.Length > 0;
        // Ids need no tokenizer; without one, answers are printed as ids, too.
        var wanted = needed || (mode == BenchMode.Correctness && (args.TokenizerPath is not null || File.Exists(Path.Combine(directory, "tokenizer.json"))));
        var tokenizer = wanted ? await TokenizerLoader.LoadAsync(args, directory, context.Progress, context.Stop) : null;

        var registry = await ModelsCommand.DiscoverAsync(args, context);
        using var loaded = ModelLoader.Load(args, directory, DeviceOpener.Ranks(args), registry, context.Progress);
        await context.Error.WriteLineAsync($"Loaded {loaded.Info.ClassName} ({loaded.Info.Package}) on {loaded.Info.Device}");
        foreach (var warning in loaded.Info.Warnings) await context.Error.WriteLineAsync($"warning: {warning}");
        var bench = new BenchOneBatch(line, loaded, tokenizer, context);
        switch (mode)
        {
            case BenchMode.Reference: return bench.Compare(values.Get(BenchOneBatchFlags.Reference)!);
            case BenchMode.Logits: return bench.WriteLogits();
            case BenchMode.Correctness: return bench.TestCorrectness(texts);
            default: return await bench.MeasureAsync(texts, results);
        }
    }

    private int Compare(string path)
    {
        using var reference = ReferenceFile.Open(path, _loaded.Info.VocabSize);
        int? batchSize = _values.Has(BenchOneBatchFlags.BatchSize) ? _values.Get(BenchOneBatchFlags.BatchSize)[0] : null;
        var report = ReferenceComparison.Run(_args, _loaded, reference, batchSize, _values.Get(BenchOneBatchFlags.Tolerance), _context.Stop);
        report.Write(_context.Out);
        return report.Passed ? ExitCode.Done : ExitCode.UserError;
    }

    private int WriteLogits()
    {
        var path = _values.Get(BenchOneBatchFlags.OutputLogits)!;
        LogitsExport.Run(_args, _loaded, path, [[.. _values.Get(BenchOneBatchFlags.InputIds)]], _values.Get(BenchOneBatchFlags.Positions), _context.Stop);
        _context.Out.WriteLine($"Wrote {path}");
        return ExitCode.Done;
    }

    private int TestCorrectness(string[] texts)
    {
        var given = _values.Has(BenchOneBatchFlags.InputIds);
        if (texts.Length == 0) texts = [.. CorrectnessTest.Prompts];
        else if (_values.Has(BenchOneBatchFlags.BatchSize)) texts = [.. texts.Take(_values.Get(BenchOneBatchFlags.BatchSize)[0])];
        int[][] prompts = given ? [[.. _values.Get(BenchOneBatchFlags.InputIds)]] : [.. texts.Select(text => _tokenizer!.EncodeToIds(text))];
        using var export = _values.Get(BenchOneBatchFlags.OutputLogits) is { } path
            ? LogitsExport.Create(path, prompts, _values.Get(BenchOneBatchFlags.Positions), _loaded.Info.VocabSize)
            : null;
        CorrectnessTest.Run(_args, _loaded, prompts, _values.Get(BenchOneBatchFlags.CutLength), _values.Get(BenchOneBatchFlags.OutputLength)[0],
            ids => _tokenizer is null ? CorrectnessTest.Ids(ids) : _tokenizer.Decode(ids, skipSpecialTokens: false), _context.Out, export, _context.Stop);
        export?.Complete();
        return ExitCode.Done;
    }

    private async Task<int> MeasureAsync(string[] texts, StreamWriter? results)
    {
        int[][] prompts = [.. texts.Select(text => _tokenizer!.EncodeToIds(text.Trim()))];
        // The prompts' own length counts where there are some.
        IReadOnlyList<int> inputLengths = prompts.Length > 0 ? [prompts.Max(prompt => prompt.Length)] : _values.Get(BenchOneBatchFlags.InputLength);
        LatencyCase[] cases =
        [
            .. from batchSize in _values.Get(BenchOneBatchFlags.BatchSize)
               from input in inputLengths
               from output in _values.Get(BenchOneBatchFlags.OutputLength)
               select new LatencyCase(batchSize, input, output),
        ];
        var benchmark = new LatencyBenchmark(_args, _loaded, prompts, _values.Get(BenchOneBatchFlags.LogDecodeStep), _context.Out);
        foreach (var result in benchmark.Run(_values.Get(BenchOneBatchFlags.RunName), cases, _context.Stop))
        {
            if (results is null) continue;
            await results.WriteLineAsync(result.ToJson(_loaded.Info));
            await results.FlushAsync(_context.Stop);
        }
        return ExitCode.Done;
    }

    private static string[] ReadPromptFile(string path)
    {
        if (path.Length == 0) return [];
        try
        {
            var lines = File.ReadAllLines(path);
            return lines.Length > 0 ? lines : throw new SglException($"--prompt-filename: {path} is empty, expected a prompt a line");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException or NotSupportedException)
        {
            throw new SglException($"--prompt-filename: {path} cannot be read: {e.Message}", e);
        }
    }

    private static StreamWriter? OpenResults(string path)
    {
        if (path.Length == 0) return null;
        try
        {
            return new StreamWriter(path, append: true) { NewLine = "\n" };
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException or NotSupportedException)
        {
            throw new SglException($"--result-filename: {path} cannot be written: {e.Message}", e);
        }
    }
}
