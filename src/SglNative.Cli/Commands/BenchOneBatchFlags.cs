using System.Collections.Immutable;
using SglNative.Engine.Configuration.Flags;
using SglNative.Engine.Configuration.Surface;

namespace SglNative.Cli.Commands;

/// <summary>The flags of <c>sgl-native bench-one-batch</c>, which come beside the server's.</summary>
internal static class BenchOneBatchFlags
{
    private const string Profiler = "a profiler's trace";
    private const string ProfilerNearest = "Nsight Systems around the whole command: nsys profile sgl-native bench-one-batch …";
    private const string OnlyProfile = "it matters with --profile only, which is not there yet";

    public static readonly Flag<ImmutableArray<int>> BatchSize =
        Flag.Integers("--batch-size", "Sequences in the batch; several to run one after the other.", 1).Such(AllPositive, Positives).ForCommand();

    public static readonly Flag<ImmutableArray<int>> InputLength =
        Flag.Integers("--input-len", "Prompt tokens of each sequence; several to run one after the other.", 1024).Such(AllPositive, Positives).ForCommand();

    public static readonly Flag<ImmutableArray<int>> OutputLength =
        Flag.Integers("--output-len", "Tokens to generate; several to run one after the other.", 16).Such(AllPositive, Positives).ForCommand();

    public static readonly Flag<string> RunName =
        Flag.Text("--run-name", "default", "Name of the run in the results.").Shown("NAME").ForCommand();

    public static readonly Flag<string> ResultFilename =
        Flag.Text("--result-filename", "result.jsonl", "File to which each result of the latency test is appended as a line of JSON; empty for none.").Shown("FILE").ForCommand();

    public static readonly Flag<bool> CorrectnessTest =
        Flag.Switch("--correctness-test", "Instead of timing, print logits and greedy answers as SGLang prints them; with --reference, compare.").ForCommand();

    public static readonly Flag<string> PromptFilename =
        Flag.Text("--prompt-filename", "", "File of prompts, one a line: of the latency test in place of random tokens, of the correctness test in place of its three.").Shown("FILE").ForCommand();

    public static readonly Flag<int> CutLength =
        Flag.Integer("--cut-len", 4, "Prompt tokens of the correctness test's first half.").Such(value => value > 0, "a positive integer").ForCommand();

    public static readonly Flag<int> LogDecodeStep =
        Flag.Integer("--log-decode-step", 0, "Print the latency of every so many decode steps; 0 for the first five only.")
            .Such(value => value >= 0, "an integer from 0").ForCommand();

    public static readonly Flag<string?> Reference =
        Flag.Text("--reference", "File of reference logits to compare with at every position.").Shown("FILE.safetensors").Own().ForCommand();

    public static readonly Flag<double?> Tolerance =
        Flag.Number("--tolerance", "Largest difference that --reference lets pass: absolute for float32, RMS/std otherwise.")
            .Such(value => value > 0, "a positive number").Own().ForCommand();

    public static readonly Flag<ImmutableArray<int>> InputIds =
        Flag.CommaIntegers("--input-ids", "Token ids of the prompt of --output-logits or --correctness-test, separated by commas.").Shown("IDS")
            .Such(ids => ids.All(id => id >= 0), "token ids from 0, separated by commas").Own().ForCommand();

    public static readonly Flag<string?> OutputLogits =
        Flag.Text("--output-logits", "File into which the raw float32 logits of the prompt are written: p0.prefill_logits [tokens, vocabulary], p0.input_ids.").Shown("FILE.safetensors").Own().ForCommand();

    public static readonly Flag<ImmutableArray<int>> Positions =
        Flag.CommaIntegers("--positions", "Prompt positions whose logits are written, separated by commas; negative ones count from the end.")
            .Shown("LIST").Own().ForCommand();

    private const string Positives = "positive integers";

    public static FlagGroup Group { get; } = new("Benchmark of one batch",
    [
        BatchSize, InputLength, OutputLength, RunName, ResultFilename, CorrectnessTest, PromptFilename, CutLength, LogDecodeStep,
        Reference, Tolerance, InputIds, OutputLogits, Positions,
        Flag.Switch("--profile", "Record a trace.").NotYet(Profiler, ProfilerNearest),
        Flag.Switch("--profile-record-shapes", "Record shapes in the trace.").NoEffect(OnlyProfile),
        Flag.Texts("--profile-activities", "What the trace records.").NoEffect(OnlyProfile),
        Flag.Text("--profile-stage", "all", "Which stage to record.").OneOf("all", "prefill", "decode").Shown("STAGE").NoEffect(OnlyProfile),
        Flag.Text("--profile-prefix", "profile", "How the trace's file name begins.").Alias("--profile-filename-prefix").Shown("NAME").NoEffect(OnlyProfile),
        Flag.Integer("--profile-start-step", "Decode step at which recording begins.").NoEffect(OnlyProfile),
        Flag.Integer("--profile-steps", "Decode steps to record.").NoEffect(OnlyProfile),
    ]);

    /// <summary>The benchmark's flags and the server's.</summary>
    public static FlagTable Table { get; } = new([Group, .. ServerFlags.Groups]);

    private static bool AllPositive(ImmutableArray<int> values) => values.Length > 0 && values.All(value => value > 0);
}
