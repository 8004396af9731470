using System.Globalization;
using SglNative.Core;
using SglNative.Core.Tensors;

namespace SglNative.Models.Weights;

// Rules that make tensors of other tensors' elements.
public sealed partial class WeightMap
{
    /// <summary>
    /// Puts the rows of several tensors below each other into one named <paramref name="target"/>: <c>Fuse("*.qkv.weight",
    /// "*.q.weight", "*.k.weight", "*.v.weight")</c>. The texts of <c>*</c> tell which belong together; where one of them is missing,
    /// nothing is fused and the check of the model says what is missing.
    /// </summary>
    public WeightMap Fuse(string target, params IReadOnlyList<string> sources) => AddForAll(tensors =>
    {
        var all = tensors.ToArray();
        var groups = all
            .Select(tensor => (Tensor: tensor, Index: FindPattern(sources, tensor.Name, out var texts), Texts: texts))
            .Where(found => found.Index >= 0)
            .GroupBy(found => string.Join('\n', found.Texts))
            .Where(group => group.Select(found => found.Index).Distinct().Count() == sources.Count)
            .Select(group => group.OrderBy(found => found.Index).ToArray())
            .ToArray();
        var used = groups.SelectMany(group => group).Select(found => found.Tensor).ToHashSet();
        return all.Where(tensor => !used.Contains(tensor)).Concat(groups.Select(group =>
            TensorRearrangement.Concatenate(NamePattern.Fill(target, group[0].Texts), [.. group.Select(found => found.Tensor)])));
    });

    /// <summary>
    /// Stacks tensors that a number in their name tells apart into one with a new first dimension: <c>Stack("*.experts.#.w1.weight",
    /// "*.experts.w1.weight")</c>, where <c>#</c> stands for the number. They are numbered from 0 without a gap.
    /// </summary>
    /// <exception cref="SglException">A number is missing, or shapes differ (when the map is applied).</exception>
    public WeightMap Stack(string pattern, string target)
    {
        var marks = pattern.Where(c => c is '*' or '#').ToList();
        var place = marks.IndexOf('#');
        if (place < 0 || marks.LastIndexOf('#') != place) throw new ArgumentException($"{pattern} has no '#', or several: it stands for the number", nameof(pattern));
        return AddForAll(tensors =>
        {
            var (kept, groups) = (new List<SourceTensor>(), new Dictionary<string, SortedDictionary<int, SourceTensor>>(StringComparer.Ordinal));
            foreach (var tensor in tensors)
            {
                var texts = NamePattern.Match(pattern.Replace('#', '*'), tensor.Name);
                if (texts is null || !int.TryParse(texts[place], NumberStyles.None, CultureInfo.InvariantCulture, out var number)) kept.Add(tensor);
                else
                {
                    var name = NamePattern.Fill(target, [.. texts.Where((_, i) => i != place)]);
                    if (!groups.TryGetValue(name, out var group)) groups[name] = group = [];
                    group[number] = tensor;
                }
            }
            foreach (var (name, group) in groups)
            {
                var missing = Enumerable.Range(0, group.Keys.Last()).FirstOrDefault(number => !group.ContainsKey(number), -1);
                if (missing >= 0) throw new SglException($"{name} is stacked of {group.Count} tensors up to number {group.Keys.Last()}, but number {missing} is missing");
                kept.Add(TensorRearrangement.Stack(name, [.. group.Values]));
            }
            return kept;
        });
    }

    /// <summary>Has a delegate make other elements of the tensors that match, in the same shape and type unless said otherwise.</summary>
    /// <param name="pattern">The names.</param>
    /// <param name="convert">Makes the new elements from the old; called when the weights are loaded.</param>
    /// <param name="shape">The shape it makes of a shape; null for the same.</param>
    /// <param name="dtype">The type it makes; null for the same. <see cref="HostWeights.With"/> makes float32.</param>
    public WeightMap Convert(string pattern, Func<HostWeights, HostWeights> convert, Func<Shape, Shape>? shape = null, DType? dtype = null) => Add(tensor =>
        NamePattern.Match(pattern, tensor.Name) is null ? [tensor]
            : [TensorRearrangement.Convert(tensor, shape?.Invoke(tensor.Shape) ?? tensor.Shape, dtype ?? tensor.DType, convert)]);

    private static int FindPattern(IReadOnlyList<string> patterns, string name, out string[] texts)
    {
        for (var i = 0; i < patterns.Count; i++)
            if (NamePattern.Match(patterns[i], name) is { } found)
            {
                texts = found;
                return i;
            }
        texts = [];
        return -1;
    }

    private WeightMap AddForAll(Func<IEnumerable<SourceTensor>, IEnumerable<SourceTensor>> rule)
    {
        _rules.Add(rule);
        return this;
    }
}
