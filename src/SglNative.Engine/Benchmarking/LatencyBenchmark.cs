using System.Diagnostics;
using System.Globalization;
using SglNative.Core;
using SglNative.Engine.Configuration;
using SglNative.Engine.Execution;
using SglNative.Engine.Loading;

namespace SglNative.Engine.Benchmarking;

/// <summary>SGLang's latency test: prefill a batch, then decode it step by step, each step timed to the token on the host.</summary>
/// <param name="args">Page and chunk sizes, seed.</param>
/// <param name="loaded">The model.</param>
/// <param name="prompts">Prompts to use; empty for random tokens.</param>
/// <param name="logDecodeStep">Every so many decode steps one is printed; 0 for the first few only.</param>
/// <param name="writer">Where the lines go.</param>
public sealed class LatencyBenchmark(ServerArgs args, LoadedModel loaded, IReadOnlyList<int[]> prompts, int logDecodeStep, TextWriter writer)
{
    // As SGLang: ordinary tokens, no special ones, which stand at the end of most vocabularies.
    private const int LargestRandomToken = 10_000;
    private const int StepsAlwaysShown = 5;
    private const int WarmUpOutput = 32;

    private readonly WorkCount _work = new(loaded);

    /// <summary>Runs the first case once to warm up, then all of them; gives each result as it is measured.</summary>
    /// <param name="runName">The user's name for the run.</param>
    /// <param name="cases">What to run.</param>
    /// <param name="cancellation">Ends the work between two steps.</param>
    /// <exception cref="SglException">None of the cases fits the model or its memory.</exception>
    public IEnumerable<LatencyResult> Run(string runName, IReadOnlyList<LatencyCase> cases, CancellationToken cancellation = default)
    {
        SglException? unfit = null;
        var fitting = new List<LatencyCase>();
        foreach (var one in cases)
        {
            unfit = Explain(one) ?? unfit;
            if (Explain(one) is { } reason) writer.WriteLine($"skipping ({one.BatchSize}, {one.InputLength}, {one.OutputLength}): {reason.Message}");
            else fitting.Add(one);
        }
        if (fitting.Count == 0) throw unfit ?? new SglException("there is nothing to run");

        writer.WriteLine("Warmup ...");
        RunOnce(runName, fitting[0] with { OutputLength = Math.Min(WarmUpOutput, fitting[0].OutputLength) }, cancellation);
        writer.WriteLine("Benchmark ...");
        foreach (var one in fitting) yield return RunOnce(runName, one, cancellation);
    }

    private SglException? Explain(LatencyCase one)
    {
        var (length, info) = ((long)LongestInput(one) + one.OutputLength, loaded.Info);
        var pages = (length - 1 + info.PageSize - 1) / info.PageSize * one.BatchSize;
        if (length > info.ContextLength) return new SglException($"input and output of {length} tokens exceed the context length {info.ContextLength}");
        if (pages * info.PageSize > info.MaxTotalTokens)
            return new SglException($"the batch needs {pages * info.PageSize} tokens of KV cache and {info.MaxTotalTokens} fit: raise --mem-fraction-static or --max-total-tokens");
        return null;
    }

    private int LongestInput(LatencyCase one) => prompts.Count == 0 ? one.InputLength : prompts.Take(one.BatchSize).Max(prompt => prompt.Length);

    private LatencyResult RunOnce(string runName, LatencyCase one, CancellationToken cancellation)
    {
        var inputs = Inputs(one);
        using var batch = new StaticBatch(args, loaded, inputs, one.OutputLength - 1);
        if (batch.CapturedSize > 0) writer.WriteLine($"Capture cuda graph bs [{batch.CapturedSize}]");
        batch.Capture();
        loaded.Backend.Synchronize();
        var started = Stopwatch.GetTimestamp();
        batch.Compute(cancellation: cancellation);
        var prefill = Stopwatch.GetElapsedTime(started).TotalSeconds;
        var prefillWork = inputs.Select(input => _work.Of(1, 0, input.Length)).Aggregate((a, b) => new StepWork(a.Flops + b.Flops, Math.Max(a.Bytes, b.Bytes)));
        if (prompts.Count == 0) prefillWork = _work.Of(one.BatchSize, 0, one.InputLength);
        writer.WriteLine(string.Create(CultureInfo.InvariantCulture, $"Prefill. latency: {prefill,6:0.00000} s, throughput: {inputs.Sum(input => input.Length) / prefill,9:0.00} token/s, "
            + $"{prefillWork.Teraflops(prefill):0.000} TFLOP/s, {prefillWork.Gigabytes(prefill):0.00} GB/s"));

        var total = prefill;
        var decodes = new double[one.OutputLength - 1];
        for (var step = 0; step < decodes.Length; step++)
        {
            started = Stopwatch.GetTimestamp();
            for (var i = 0; i < batch.Count; i++) batch.Append(i, batch.NextTokens[i]);
            batch.Compute(cancellation: cancellation);
            total += decodes[step] = Stopwatch.GetElapsedTime(started).TotalSeconds;
            if (step < StepsAlwaysShown || (logDecodeStep > 0 && step % logDecodeStep == 0))
                writer.WriteLine(string.Create(CultureInfo.InvariantCulture, $"Decode {step}. Batch size: {one.BatchSize}, latency: {decodes[step],6:0.00000} s, throughput: {one.BatchSize / decodes[step],9:0.00} token/s"));
        }

        var middle = LongestInput(one) + one.OutputLength / 2;
        var decodeWork = _work.Of(one.BatchSize, Math.Max(0, middle - 1), middle);
        double? median = decodes.Length == 0 ? null : Median(decodes);
        var result = new LatencyResult(runName, one with { InputLength = LongestInput(one) }, prefill, median, total, prefillWork, decodeWork);
        if (median is { } seconds)
            writer.WriteLine(string.Create(CultureInfo.InvariantCulture, $"Decode.  median latency: {seconds,6:0.00000} s, median throughput: {result.MedianDecodeThroughput,9:0.00} token/s, "
                + $"{decodeWork.Teraflops(seconds):0.000} TFLOP/s, {decodeWork.Gigabytes(seconds):0.00} GB/s"));
        writer.WriteLine(string.Create(CultureInfo.InvariantCulture, $"Total. latency: {total,6:0.000} s, throughput: {result.OverallThroughput,9:0.00} token/s"));
        return result;
    }

    // The user's prompts, the last one as often as the batch has room; random tokens, the same in every run of one seed, without them.
    private int[][] Inputs(LatencyCase one)
    {
        if (prompts.Count > 0) return [.. Enumerable.Range(0, one.BatchSize).Select(i => prompts[Math.Min(i, prompts.Count - 1)])];
        var random = new Random(args.RandomSeed ?? 0);
        var tokens = Math.Min(LargestRandomToken, loaded.Info.VocabSize);
        return [.. Enumerable.Range(0, one.BatchSize).Select(_ => Enumerable.Range(0, one.InputLength).Select(_ => random.Next(tokens)).ToArray())];
    }

    private static double Median(double[] values)
    {
        var sorted = values.Order().ToArray();
        return (sorted[(sorted.Length - 1) / 2] + sorted[sorted.Length / 2]) / 2;
    }
}
