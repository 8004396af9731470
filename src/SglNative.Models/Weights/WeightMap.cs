using SglNative.Core;
using SglNative.Core.Checkpoints;
using SglNative.Core.Tensors;

namespace SglNative.Models.Weights;

/// <summary>
/// From the names and shapes of a checkpoint to the canonical ones that a model declares. Rules apply in order to every tensor.
/// Patterns may hold one or more <c>*</c>, each standing for any text; a replacement's <c>*</c> take the same texts in order.
/// Fusing and stacking need no rule: layers declare which canonical tensors they are made of.
/// </summary>
public sealed partial class WeightMap
{
    private readonly List<Func<IEnumerable<SourceTensor>, IEnumerable<SourceTensor>>> _rules = [];

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
    public WeightMap Reshape(string pattern, params long[] dims) => Add(tensor => NamePattern.Match(pattern, tensor.Name) is null ? [tensor] : [Reshaped(tensor, new Shape(dims))]);

    /// <summary>Exchanges the last two dimensions of the tensors that match (GPT-2's Conv1D).</summary>
    public WeightMap Transpose(string pattern) => Add(tensor => NamePattern.Match(pattern, tensor.Name) is null ? [tensor] : [Transposed(tensor)]);

    /// <summary>
    /// Cuts the tensors that match along their first dimension into its entries, which lose it: <c>{i}</c> in
    /// <paramref name="target"/> stands for the index.
    /// </summary>
    public WeightMap Unstack(string pattern, string target) => Add(tensor =>
        NamePattern.Match(pattern, tensor.Name) is { } texts ? Entries(tensor, texts, target) : [tensor]);

    /// <summary>Deals the rows of the tensors that match out to the targets in turn: row i goes to target i mod their number.</summary>
    public WeightMap Deal(string pattern, params IReadOnlyList<string> targets) => Add(tensor =>
        NamePattern.Match(pattern, tensor.Name) is { } texts ? DealtRows(tensor, texts, targets) : [tensor]);

    /// <summary>
    /// Makes one tensor of each pair: one that matches <paramref name="pattern"/>, and the one whose name <paramref name="partner"/>
    /// gives by the same texts. Both are used up.
    /// </summary>
    public WeightMap Join(string pattern, string partner, string target, Func<SourceTensor, SourceTensor, string, SourceTensor> join)
    {
        _rules.Add(tensors => JoinPairs(tensors, pattern, partner, target, join));
        return this;
    }

    /// <summary>The canonical tensors of a checkpoint.</summary>
    /// <exception cref="SglException">Two tensors end under one name, or a rule does not fit a tensor's shape.</exception>
    public IReadOnlyDictionary<string, SourceTensor> Apply(Checkpoint checkpoint)
    {
        var result = new Dictionary<string, SourceTensor>(StringComparer.Ordinal);
        var mapped = checkpoint.Tensors.Values.Select(tensor => new SourceTensor(tensor));
        foreach (var rule in _rules) mapped = rule(mapped);
        foreach (var target in mapped)
            if (!result.TryAdd(target.Name, target))
                throw new SglException($"{checkpoint.Directory}: {result[target.Name].Origin} and {target.Origin} are both mapped to {target.Name}");
        return result;
    }

    private WeightMap Add(Func<SourceTensor, IEnumerable<SourceTensor>> rule)
    {
        _rules.Add(tensors => tensors.SelectMany(rule));
        return this;
    }
}
