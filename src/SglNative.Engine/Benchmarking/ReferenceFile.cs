using SglNative.Core;
using SglNative.Core.Checkpoints;
using SglNative.Core.Tensors;
using SglNative.Models.Weights;

namespace SglNative.Engine.Benchmarking;

/// <summary>
/// Logits that another engine computed for a model. For prompts i = 0, 1 …: <c>p{i}.input_ids</c> int64 [T]; <c>p{i}.prefill_logits</c>
/// [T, V], or [P, V] beside <c>p{i}.positions</c> int64 [P]; optionally <c>p{i}.greedy_ids</c> int64 [N] with <c>p{i}.decode_logits</c> [N, V],
/// and <c>p{i}.hidden_states</c> [L + 1, P, H] at the same positions. The file stays mapped until it is disposed.
/// </summary>
public sealed class ReferenceFile : IDisposable
{
    private readonly SafetensorsFile _file;
    private readonly List<ReferencePrompt> _prompts = [];

    private ReferenceFile(SafetensorsFile file) => _file = file;

    /// <summary>The path it was opened with.</summary>
    public string Path => _file.Path;

    /// <summary>Its prompts, in order.</summary>
    public IReadOnlyList<ReferencePrompt> Prompts => _prompts;

    /// <summary>Opens a file and checks it against a vocabulary.</summary>
    /// <exception cref="SglException">It is no such file, or belongs to a model of another vocabulary.</exception>
    public static ReferenceFile Open(string path, int vocabulary)
    {
        var reference = new ReferenceFile(SafetensorsFile.Open(path));
        try
        {
            do reference.Add(reference._prompts.Count, vocabulary);
            while (reference._file.Tensors.ContainsKey($"p{reference._prompts.Count}.input_ids"));
            return reference;
        }
        catch
        {
            reference.Dispose();
            throw;
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _file.Dispose();

    private void Add(int index, int vocabulary)
    {
        var ids = TensorRows.ReadIntegers(_file[$"p{index}.input_ids"]);
        if (ids.Length == 0) throw new SglException($"{Path}: p{index}.input_ids is empty");
        var positions = Find(index, "positions") is { } given ? TensorRows.ReadIntegers(given) : [.. Enumerable.Range(0, ids.Length)];
        for (var i = 0; i < positions.Length; i++)
            if (positions[i] >= ids.Length || (i > 0 && positions[i] <= positions[i - 1]))
                throw new SglException($"{Path}: p{index}.positions[{i}] is {positions[i]}, expected ascending positions below {ids.Length}");
        var prefill = Logits(_file[$"p{index}.prefill_logits"], positions.Length, vocabulary);
        var greedy = Find(index, "greedy_ids") is { } continuation ? TensorRows.ReadIntegers(continuation) : [];
        foreach (var id in ids.Concat(greedy))
            if (id >= vocabulary) throw new SglException($"{Path}: prompt {index} holds token {id}, expected token ids in [0, {vocabulary - 1}]");
        var decode = Find(index, "decode_logits") is { } logits ? Logits(logits, greedy.Length, vocabulary) : null;
        _prompts.Add(new ReferencePrompt(index, ids, positions, prefill, decode is null ? [] : greedy, decode, HiddenStates(index, positions.Length)));
    }

    private CheckpointTensor? Find(int index, string name) => _file.Tensors.GetValueOrDefault($"p{index}.{name}");

    private CheckpointTensor? HiddenStates(int index, int rows)
    {
        if (Find(index, "hidden_states") is not { } states) return null;
        if (states.Shape.Rank != 3 || states.Shape[1] != rows || !HostConversion.CanRead(states.DType))
            throw new SglException($"{Path}: {states.Name} is {states.DType.TorchName()}{states.Shape}, expected float32 [layers + 1, {rows}, hidden size]");
        return states;
    }

    private CheckpointTensor Logits(CheckpointTensor tensor, int rows, int vocabulary)
    {
        if (tensor.Shape != new Shape(rows, vocabulary) || !HostConversion.CanRead(tensor.DType))
            throw new SglException($"{Path}: {tensor.Name} is {tensor.DType.TorchName()}{tensor.Shape}, expected float32 [{rows}, {vocabulary}]: is it of this model?");
        return tensor;
    }
}
