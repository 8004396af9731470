using SglNative.Core;
using SglNative.Engine.Configuration.Flags;

namespace SglNative.Cli.Commands;

/// <summary>What one run of <c>bench-one-batch</c> does.</summary>
internal enum BenchMode
{
    /// <summary>Times batches of random tokens or of the user's prompts.</summary>
    Latency,

    /// <summary>Prints logits and greedy answers as SGLang does.</summary>
    Correctness,

    /// <summary>Writes the logits of given token ids.</summary>
    Logits,

    /// <summary>Compares with a file of reference logits.</summary>
    Reference,
}

/// <summary>Which mode a command line asks for, and which flags make no sense together.</summary>
internal static class BenchModes
{
    /// <exception cref="SglException">Flags contradict each other.</exception>
    public static BenchMode Choose(FlagValues values)
    {
        var (ids, output) = (values.Has(BenchOneBatchFlags.InputIds), values.Has(BenchOneBatchFlags.OutputLogits));
        var (prompts, correct) = (values.Get(BenchOneBatchFlags.PromptFilename).Length > 0, values.Get(BenchOneBatchFlags.CorrectnessTest));
        if (values.Has(BenchOneBatchFlags.Positions) && !output) throw new SglException("--positions chooses what --output-logits writes; give that, too");
        if (ids && values.Get(BenchOneBatchFlags.InputIds).Length == 0) throw new SglException("--input-ids is empty: expected token ids such as 1,2,3");
        if (ids && prompts) throw new SglException("--input-ids and --prompt-filename both give the prompt: leave one out");
        if (values.Get(BenchOneBatchFlags.Reference) is not null)
        {
            if (ids || prompts) throw new SglException($"--reference brings its own prompts: leave {(ids ? "--input-ids" : "--prompt-filename")} out");
            if (output) throw new SglException("--output-logits writes logits and --reference compares them: run one after the other");
            return BenchMode.Reference;
        }
        if (values.Has(BenchOneBatchFlags.Tolerance)) throw new SglException("--tolerance bounds what --reference compares; give that, too");
        if (correct) return BenchMode.Correctness;
        if (output) return ids ? BenchMode.Logits : throw new SglException("--output-logits needs a prompt: give --input-ids 1,2,3, or --correctness-test for its prompts");
        if (ids) throw new SglException("--input-ids gives the prompt of --output-logits or of --correctness-test: give one of them, too");
        return BenchMode.Latency;
    }
}
