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
        var row = 0L;
        foreach (var (target, rows) in targets)
        {
            yield return GroupRows(tensor, NamePattern.Fill(target, texts), groups, perGroup, row, rows);
            row += rows;
        }
    }

    // Of each group its rows from `first` on. A share of whole groups is made of these groups alone.
    private static SourceTensor GroupRows(SourceTensor tensor, string name, long groups, long perGroup, long first, long rows)
    {
        var rowBytes = tensor.Shape.Count / tensor.Shape[0] * tensor.DType.Size();
        return tensor.Made(name, tensor.Shape.With(0, groups * rows), () => HostRows.Runs(tensor, (int)groups, perGroup * rowBytes, first * rowBytes, rows * rowBytes),
            (axis, start, length) => axis == 0 && start % rows == 0 && length % rows == 0
                ? GroupRows(tensor.Rows(start / rows * perGroup, length / rows * perGroup), name, length / rows, perGroup, first, rows) : null);
    }

    private static SourceTensor Reshaped(SourceTensor tensor, Shape shape)
    {
        if (shape.Count != tensor.Shape.Count) throw new SglException($"{tensor.Origin} has shape {tensor.Shape}, expected {shape.Count} elements for {shape}");
        var (entry, row) = (shape.Count / shape[0], tensor.Shape.Count / tensor.Shape[0]);
        return tensor.Made(tensor.Name, shape, tensor.Read, (axis, start, length) => axis == 0 && start * entry % row == 0 && length * entry % row == 0
            ? Reshaped(tensor.Rows(start * entry / row, length * entry / row), shape.With(0, length)) : null);
    }

    private static SourceTensor Transposed(SourceTensor tensor)
    {
        var rank = tensor.Shape.Rank;
        if (rank < 2) throw new SglException($"{tensor.Origin} has shape {tensor.Shape}, expected two or more dimensions to transpose");
        return Transposed(tensor, 0, tensor.Shape[rank - 1]);
    }

    // Of the columns from `first` on. Of several matrices a share is whole ones, of a single one rows or columns.
    private static SourceTensor Transposed(SourceTensor tensor, long first, long columns)
    {
        var rank = tensor.Shape.Rank;
        var shape = tensor.Shape.With(rank - 2, columns).With(rank - 1, tensor.Shape[rank - 2]);
        return tensor.Made(tensor.Name, shape, () => HostTranspose.Run(tensor, first, columns), (axis, start, length) =>
            (rank, axis) switch
            {
                (2, 0) => Transposed(tensor, first + start, length),
                (2, 1) or ( > 2, 0) => Transposed(tensor.Rows(start, length), first, columns),
                _ => null,
            });
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
        return targets.Select((target, i) => EveryRow(tensor, NamePattern.Fill(target, texts), targets.Count, i));
    }

    private static SourceTensor EveryRow(SourceTensor tensor, string name, int step, int first) =>
        tensor.Made(name, tensor.Shape.With(0, tensor.Shape[0] / step), () => HostRows.Every(tensor, step, first),
            (axis, start, length) => axis == 0 ? EveryRow(tensor.Rows(start * step, length * step), name, step, first) : null);

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
