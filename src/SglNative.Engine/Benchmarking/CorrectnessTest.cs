using SglNative.Core;
using SglNative.Engine.Configuration;
using SglNative.Engine.Execution;
using SglNative.Engine.Loading;

namespace SglNative.Engine.Benchmarking;

/// <summary>
/// SGLang's correctness test: the first tokens of each prompt are prefilled, the others extend them through the cache, and greedy
/// tokens follow. What it prints is for eyes, line by line as SGLang prints it.
/// </summary>
public sealed class CorrectnessTest : ILogitsReader
{
    private readonly IReadOnlyList<int[]> _prompts;
    private readonly int _cut;
    private readonly float[][] _firstHalf;
    private readonly float[][] _final;

    private CorrectnessTest(IReadOnlyList<int[]> prompts, int cut)
    {
        (_prompts, _cut) = (prompts, cut);
        _firstHalf = new float[prompts.Count][];
        _final = new float[prompts.Count][];
    }

    /// <summary>SGLang's prompts, letter by letter.</summary>
    public static IReadOnlyList<string> Prompts { get; } =
        ["The capital of France is", "The capital of the United Kindom is", "Today is a sunny day and I like"];

    /// <summary>Runs the test and prints it.</summary>
    /// <param name="args">Page and chunk sizes.</param>
    /// <param name="loaded">The model.</param>
    /// <param name="prompts">Token ids of each prompt.</param>
    /// <param name="cut">Tokens of the first half, less than any prompt has.</param>
    /// <param name="newTokens">Greedy tokens of each prompt, at least one.</param>
    /// <param name="decode">Writes the tokens of a sequence, prompt and answer, as text.</param>
    /// <param name="writer">Where to print.</param>
    /// <param name="reader">Sees all prompt logits that it wants beside the test's own; null for nobody.</param>
    /// <param name="cancellation">Ends the work between two steps.</param>
    /// <exception cref="SglException">A prompt is too short or too long, or the batch does not fit.</exception>
    public static void Run(ServerArgs args, LoadedModel loaded, IReadOnlyList<int[]> prompts, int cut, int newTokens, Func<int[], string> decode,
        TextWriter writer, ILogitsReader? reader = null, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(writer);
        for (var i = 0; i < prompts.Count; i++)
            if (prompts[i].Length <= cut) throw new SglException($"prompt {i} has {prompts[i].Length} tokens, expected more than --cut-len {cut}");
        var test = new CorrectnessTest(prompts, cut);
        using var batch = new StaticBatch(args, loaded, prompts, newTokens - 1, reader is null ? test : new LogitsReaderPair(test, reader));
        var device = loaded.Backend.Name == "cpu" ? null : "cuda:0";

        writer.Write($"\ninput_ids=[{string.Join(", ", prompts.Select(Ids))}]\n\n");
        batch.Compute(cut, cancellation);
        writer.Write($"prefill logits (first half): {TorchTensorText.Write(test._firstHalf, device)} \n\n");
        batch.Compute(cancellation: cancellation);
        writer.Write($"prefill logits (final): {TorchTensorText.Write(test._final, device)} \n\n");
        var answers = prompts.Select((prompt, i) => new List<int>(prompt) { batch.NextTokens[i] }).ToArray();
        for (var step = 1; step < newTokens; step++)
        {
            for (var i = 0; i < batch.Count; i++) batch.Append(i, batch.NextTokens[i]);
            batch.Compute(cancellation: cancellation);
            for (var i = 0; i < batch.Count; i++) answers[i].Add(batch.NextTokens[i]);
        }
        for (var i = 0; i < answers.Length; i++) writer.Write($"========== Prompt {i} ==========\n{decode([.. answers[i]])} \n\n");
    }

    /// <inheritdoc/>
    public bool Wants(int sequence, int position) => position == _cut - 1 || position == _prompts[sequence].Length - 1;

    /// <inheritdoc/>
    public void Read(int sequence, int position, ReadOnlySpan<float> logits) =>
        (position == _cut - 1 ? _firstHalf : _final)[sequence] = logits.ToArray();

    /// <summary>Ids as Python prints a list.</summary>
    public static string Ids(IEnumerable<int> ids) => $"[{string.Join(", ", ids)}]";
}
