using SglNative.Core;
using SglNative.Core.Checkpoints;
using SglNative.Core.Tensors;

namespace SglNative.Models.Weights;

/// <summary>
/// From the names and shapes of a checkpoint to the canonical ones that a model declares. Rules apply in order to every tensor.
/// Patterns may hold one or more <c>*</c>, each standing for any text; a replacement's <c>*</c> take the same texts in order.
/// Fusing and stacking need no rule: layers declare which canonical tensors they are made of.
/// </summary>
public sealed class WeightMap
{
    private readonly List<Func<SourceTensor, IEnumerable<SourceTensor>>> _rules = [];

    /// <summary>Every tensor under its own name, less those that carry no weights.</summary>
    public static WeightMap Standard() => new WeightMap().Drop("*rotary_emb.inv_freq").Drop("*.attn.masked_bias").Drop("*.attention.masked_bias");

    /// <summary>Leaves out the tensors that match.</summary>
    public WeightMap Drop(string pattern) => Add(tensor => NamePattern.Match(pattern, tensor.Name) is null ? [tensor] : []);

    /// <summary>Gives the tensors that match another name.</summary>
    public WeightMap Rename(string pattern, string replacement) => Add(tensor =>
        NamePattern.Match(pattern, tensor.Name) is { } texts ? [tensor.Named(NamePattern.Fill(replacement, texts))] : [tensor]);

    /// <summary>Cuts the tensors that match into blocks of rows, one for each target, top to bottom.</summary>
    public WeightMap Split(string pattern, params IReadOnlyList<(string Target, long Rows)> targets) => Add(tensor =>
        NamePattern.Match(pattern, tensor.Name) is { } texts ? SplitRows(tensor, texts, targets) : [tensor]);

    /// <summary>
    /// Cuts the tensors that match, whose rows are <paramref name="groups"/> runs (one per head, say) of some rows for each target, into
    /// a tensor per target: its rows of all groups, [groups · rows, …].
    /// </summary>
    public WeightMap SplitGroups(string pattern, int groups, params IReadOnlyList<(string Target, long Rows)> targets) => Add(tensor =>
        NamePattern.Match(pattern, tensor.Name) is { } texts ? SplitGroupRows(tensor, texts, groups, targets) : [tensor]);

    /// <summary>Gives the tensors that match another shape of as many elements.</summary>
    public WeightMap Reshape(string pattern, params long[] dims) => Add(tensor => NamePattern.Match(pattern, tensor.Name) is null ? [tensor] : [Reshaped(tensor, dims)]);

    /// <summary>Exchanges the last two dimensions of the tensors that match (GPT-2's Conv1D).</summary>
    public WeightMap Transpose(string pattern) => Add(tensor => NamePattern.Match(pattern, tensor.Name) is null ? [tensor] : [Transposed(tensor)]);

    /// <summary>The canonical tensors of a checkpoint.</summary>
    /// <exception cref="SglException">Two tensors end under one name, or a rule does not fit a tensor's shape.</exception>
    public IReadOnlyDictionary<string, SourceTensor> Apply(Checkpoint checkpoint)
    {
        var result = new Dictionary<string, SourceTensor>(StringComparer.Ordinal);
        foreach (var tensor in checkpoint.Tensors.Values)
        {
            IEnumerable<SourceTensor> mapped = [new SourceTensor(tensor)];
            foreach (var rule in _rules) mapped = mapped.SelectMany(rule);
            foreach (var target in mapped)
                if (!result.TryAdd(target.Name, target))
                    throw new SglException($"{checkpoint.Directory}: {result[target.Name].Origin} and {target.Origin} are both mapped to {target.Name}");
        }
        return result;
    }

    private WeightMap Add(Func<SourceTensor, IEnumerable<SourceTensor>> rule)
    {
        _rules.Add(rule);
        return this;
    }

    private static IEnumerable<SourceTensor> SplitRows(SourceTensor tensor, string[] texts, IReadOnlyList<(string Target, long Rows)> targets)
    {
        var total = targets.Sum(target => target.Rows);
        if (tensor.Shape.Rank == 0 || tensor.Shape[0] != total)
            throw new SglException($"{tensor.Origin} has shape {tensor.Shape}, expected {total} rows to split into {string.Join(", ", targets.Select(t => t.Target))}");
        var rowBytes = tensor.Shape.Count / total * tensor.DType.Size();
        var row = 0L;
        foreach (var (target, rows) in targets)
        {
            var offset = (nint)(row * rowBytes);
            yield return new SourceTensor(NamePattern.Fill(target, texts), tensor.DType, tensor.Shape.With(0, rows), tensor.Origin, () =>
            {
                var elements = tensor.Read();
                return elements with { Address = elements.Address + offset };
            });
            row += rows;
        }
    }

    private static IEnumerable<SourceTensor> SplitGroupRows(SourceTensor tensor, string[] texts, int groups, IReadOnlyList<(string Target, long Rows)> targets)
    {
        var perGroup = targets.Sum(target => target.Rows);
        if (tensor.Shape.Rank == 0 || tensor.Shape[0] != groups * perGroup)
            throw new SglException($"{tensor.Origin} has shape {tensor.Shape}, expected {groups} groups of {perGroup} rows to split into {string.Join(", ", targets.Select(t => t.Target))}");
        var rowBytes = tensor.Shape.Count / tensor.Shape[0] * tensor.DType.Size();
        var row = 0L;
        foreach (var (target, rows) in targets)
        {
            var first = row;
            yield return new SourceTensor(NamePattern.Fill(target, texts), tensor.DType, tensor.Shape.With(0, groups * rows), tensor.Origin,
                () => HostRows.Gather(tensor, groups, perGroup * rowBytes, first * rowBytes, rows * rowBytes));
            row += rows;
        }
    }

    private static SourceTensor Reshaped(SourceTensor tensor, long[] dims)
    {
        var shape = new Shape(dims);
        if (shape.Count != tensor.Shape.Count) throw new SglException($"{tensor.Origin} has shape {tensor.Shape}, expected {shape.Count} elements for {shape}");
        return new SourceTensor(tensor.Name, tensor.DType, shape, tensor.Origin, tensor.Read);
    }

    private static SourceTensor Transposed(SourceTensor tensor)
    {
        var rank = tensor.Shape.Rank;
        if (rank < 2) throw new SglException($"{tensor.Origin} has shape {tensor.Shape}, expected two or more dimensions to transpose");
        var shape = tensor.Shape.With(rank - 2, tensor.Shape[rank - 1]).With(rank - 1, tensor.Shape[rank - 2]);
        return new SourceTensor(tensor.Name, tensor.DType, shape, tensor.Origin, () => HostTranspose.Run(tensor));
    }
}
