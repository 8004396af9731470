using SglNative.Core;
using SglNative.Core.Tensors;

namespace SglNative.Models.Weights;

public sealed partial class WeightMap
{
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
            yield return tensor.Part(NamePattern.Fill(target, texts), tensor.Shape.With(0, rows), offset);
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
            yield return tensor.Made(NamePattern.Fill(target, texts), tensor.DType, tensor.Shape.With(0, groups * rows),
                () => HostRows.Runs(tensor, groups, perGroup * rowBytes, first * rowBytes, rows * rowBytes));
            row += rows;
        }
    }

    private static SourceTensor Reshaped(SourceTensor tensor, long[] dims)
    {
        var shape = new Shape(dims);
        if (shape.Count != tensor.Shape.Count) throw new SglException($"{tensor.Origin} has shape {tensor.Shape}, expected {shape.Count} elements for {shape}");
        return tensor.Made(tensor.Name, tensor.DType, shape, tensor.Read);
    }

    private static SourceTensor Transposed(SourceTensor tensor)
    {
        var rank = tensor.Shape.Rank;
        if (rank < 2) throw new SglException($"{tensor.Origin} has shape {tensor.Shape}, expected two or more dimensions to transpose");
        var shape = tensor.Shape.With(rank - 2, tensor.Shape[rank - 1]).With(rank - 1, tensor.Shape[rank - 2]);
        return tensor.Made(tensor.Name, tensor.DType, shape, () => HostTranspose.Run(tensor));
    }

    private static IEnumerable<SourceTensor> Entries(SourceTensor tensor, string[] texts, string target)
    {
        if (tensor.Shape.Rank < 2) throw new SglException($"{tensor.Origin} has shape {tensor.Shape}, expected two dimensions or more, the first of which counts entries");
        Span<long> dims = stackalloc long[tensor.Shape.Rank - 1];
        for (var i = 0; i < dims.Length; i++) dims[i] = tensor.Shape[i + 1];
        return Cut(tensor, NamePattern.Fill(target, texts), new Shape(dims));

        static IEnumerable<SourceTensor> Cut(SourceTensor tensor, string name, Shape entry)
        {
            for (var i = 0L; i < tensor.Shape[0]; i++)
                yield return tensor.Part(name.Replace("{i}", i.ToString(System.Globalization.CultureInfo.InvariantCulture), StringComparison.Ordinal),
                    entry, (nint)(i * entry.Count * tensor.DType.Size()));
        }
    }

    private static IEnumerable<SourceTensor> DealtRows(SourceTensor tensor, string[] texts, IReadOnlyList<string> targets)
    {
        if (tensor.Shape.Rank == 0 || tensor.Shape[0] % targets.Count != 0)
            throw new SglException($"{tensor.Origin} has shape {tensor.Shape}, expected rows to deal out to {string.Join(", ", targets)}");
        var shape = tensor.Shape.With(0, tensor.Shape[0] / targets.Count);
        return targets.Select((target, i) => tensor.Made(NamePattern.Fill(target, texts), tensor.DType, shape, () => HostRows.Every(tensor, targets.Count, i)));
    }

    private static IEnumerable<SourceTensor> JoinPairs(
        IEnumerable<SourceTensor> tensors, string pattern, string partner, string target, Func<SourceTensor, SourceTensor, string, SourceTensor> join)
    {
        var byName = new Dictionary<string, SourceTensor>(StringComparer.Ordinal);
        var others = new List<SourceTensor>();
        foreach (var tensor in tensors)
            if (!byName.TryAdd(tensor.Name, tensor)) others.Add(tensor);
        foreach (var first in byName.Values.ToArray())
        {
            if (NamePattern.Match(pattern, first.Name) is not { } texts) continue;
            var name = NamePattern.Fill(partner, texts);
            if (!byName.Remove(name, out var second)) throw new SglException($"{first.Origin} {first.Shape} is there, but {name}, which belongs to it, is missing");
            byName.Remove(first.Name);
            // Its name may be that of a half.
            others.Add(join(first, second, NamePattern.Fill(target, texts)));
        }
        return byName.Values.Concat(others);
    }
}
