using SglNative.Core;
using SglNative.Core.Checkpoints;
using SglNative.Core.Tensors;
using SglNative.Engine.Configuration;
using SglNative.Engine.Execution;
using SglNative.Engine.Loading;

namespace SglNative.Engine.Benchmarking;

/// <summary>
/// Writes the raw logits of prompts into a safetensors file in the format of <see cref="ReferenceFile"/>, so that <c>--reference</c>
/// reads it: for prompts i = 0, 1 … <c>p{i}.input_ids</c> int64 [T]; <c>p{i}.prefill_logits</c> float32 [P, V]; <c>p{i}.positions</c>
/// int64 [P] where positions were chosen, otherwise P = T. Rows go to the file as they are computed.
/// </summary>
public sealed class LogitsExport : ILogitsReader, IDisposable
{
    private readonly SafetensorsWriter _writer;
    private readonly int[][] _positions;
    private readonly float[]?[] _held;
    private readonly int[] _written;

    private LogitsExport(string path, IReadOnlyList<int[]> prompts, int[][] positions, bool chosen, int vocabulary)
    {
        _positions = positions;
        _held = new float[prompts.Count][];
        _written = new int[prompts.Count];
        var tensors = new List<TensorDeclaration>();
        for (var i = 0; i < prompts.Count; i++)
        {
            tensors.Add(new TensorDeclaration(Name(i, "input_ids"), DType.Int64, new Shape(prompts[i].Length)));
            tensors.Add(new TensorDeclaration(Name(i, "prefill_logits"), DType.Float32, new Shape(positions[i].Length, vocabulary)));
            if (chosen) tensors.Add(new TensorDeclaration(Name(i, "positions"), DType.Int64, new Shape(positions[i].Length)));
        }
        _writer = new SafetensorsWriter(path, tensors);
        for (var i = 0; i < prompts.Count; i++)
        {
            _writer.WriteElements<long>(Name(i, "input_ids"), [.. prompts[i]]);
            if (chosen) _writer.WriteElements<long>(Name(i, "positions"), [.. positions[i]]);
        }
    }

    /// <summary>Starts the file. It appears under its name with <see cref="Complete"/>.</summary>
    /// <param name="path">Where it goes.</param>
    /// <param name="prompts">Token ids of each prompt.</param>
    /// <param name="positions">The positions wanted of each prompt, negative ones from its end; empty for all.</param>
    /// <param name="vocabulary">Logits of a position.</param>
    /// <exception cref="SglException">A position lies outside a prompt, or the file cannot be written.</exception>
    public static LogitsExport Create(string path, IReadOnlyList<int[]> prompts, IReadOnlyCollection<int> positions, int vocabulary) =>
        new(path, prompts, [.. prompts.Select((prompt, i) => Resolve(i, prompt.Length, positions))], positions.Count > 0, vocabulary);

    /// <summary>Computes the prompts and writes the file.</summary>
    /// <exception cref="SglException">The prompts do not fit the model or its memory, or the file cannot be written.</exception>
    public static void Run(ServerArgs args, LoadedModel loaded, string path, IReadOnlyList<int[]> prompts, IReadOnlyCollection<int> positions,
        CancellationToken cancellation = default)
    {
        using var export = Create(path, prompts, positions, loaded.Info.VocabSize);
        using var batch = new StaticBatch(args, loaded, prompts, 0, export);
        batch.Compute(cancellation: cancellation);
        export.Complete();
    }

    /// <summary>Gives the file its name.</summary>
    public void Complete() => _writer.Complete();

    /// <inheritdoc/>
    public bool Wants(int sequence, int position) => Array.BinarySearch(_positions[sequence], position) >= 0;

    /// <inheritdoc/>
    public void Read(int sequence, int position, ReadOnlySpan<float> logits)
    {
        // A step gives the row that a token is drawn from before the others; in the file it is the last.
        if (position != _positions[sequence][_written[sequence]])
        {
            _held[sequence] = logits.ToArray();
            return;
        }
        Append(sequence, logits);
        if (_held[sequence] is { } last && _written[sequence] == _positions[sequence].Length - 1) Append(sequence, last);
    }

    /// <inheritdoc/>
    public void Dispose() => _writer.Dispose();

    private void Append(int sequence, ReadOnlySpan<float> logits)
    {
        _writer.WriteElements(Name(sequence, "prefill_logits"), logits);
        _written[sequence]++;
    }

    private static int[] Resolve(int prompt, int length, IReadOnlyCollection<int> positions)
    {
        if (positions.Count == 0) return [.. Enumerable.Range(0, length)];
        foreach (var position in positions)
            if (position < -length || position >= length)
                throw new SglException($"--positions holds {position}, but prompt {prompt} has {length} tokens: expected {-length} to {length - 1}");
        return [.. positions.Select(position => position < 0 ? position + length : position).Distinct().Order()];
    }

    private static string Name(int prompt, string what) => $"p{prompt}.{what}";
}
