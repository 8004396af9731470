using SglNative.Core;
using SglNative.Core.Tensors;

namespace SglNative.Models.Weights;

/// <summary>Makes tensors of other tensors' elements in host memory, when they are asked for.</summary>
internal static unsafe class TensorRearrangement
{
    /// <summary>The tensors below each other along the first dimension.</summary>
    public static SourceTensor Concatenate(string name, IReadOnlyList<SourceTensor> parts)
    {
        var first = parts[0];
        foreach (var part in parts)
            if (part.DType != first.DType || part.Shape.Rank != first.Shape.Rank || part.Shape.With(0, first.Shape[0]) != first.Shape)
                throw new SglException($"{part.Origin} {part.DType.TorchName()}{part.Shape} cannot be fused below {first.Origin} {first.DType.TorchName()}{first.Shape} into {name}");
        return Join(name, parts, first.Shape.With(0, parts.Sum(part => part.Shape[0])));
    }

    /// <summary>The tensors as entries of a new first dimension.</summary>
    public static SourceTensor Stack(string name, IReadOnlyList<SourceTensor> parts)
    {
        var first = parts[0];
        foreach (var part in parts)
            if (part.DType != first.DType || part.Shape != first.Shape)
                throw new SglException($"{part.Origin} {part.DType.TorchName()}{part.Shape} cannot be stacked on {first.Origin} {first.DType.TorchName()}{first.Shape} into {name}");
        Span<long> dims = stackalloc long[first.Shape.Rank + 1];
        dims[0] = parts.Count;
        for (var i = 0; i < first.Shape.Rank; i++) dims[i + 1] = first.Shape[i];
        return Join(name, parts, new Shape(dims));
    }

    /// <summary>What a delegate makes of the tensor.</summary>
    public static SourceTensor Convert(SourceTensor source, Shape shape, DType dtype, Func<HostWeights, HostWeights> convert) => new(source.Name, dtype, shape, source.Origin, () =>
    {
        var elements = source.Read();
        var bytes = new ReadOnlySpan<byte>((void*)elements.Address, checked((int)(source.Shape.Count * source.DType.Size()))).ToArray();
        GC.KeepAlive(elements.Owner);
        var made = convert(new HostWeights(source.Name, source.DType, source.Shape, bytes));
        if (made.Shape != shape || made.DType != dtype || made.Bytes.Length != shape.Count * dtype.Size())
            throw new SglException($"{source.Origin}: the rule was to make {dtype.TorchName()}{shape}, and made {made.DType.TorchName()}{made.Shape} of {made.Bytes.Length} bytes");
        return Pinned(made.Bytes.Span);
    });

    private static SourceTensor Join(string name, IReadOnlyList<SourceTensor> parts, Shape shape) => new(name, parts[0].DType, shape, string.Join(" + ", parts.Select(part => part.Origin)), () =>
    {
        var target = GC.AllocateUninitializedArray<byte>(checked((int)(shape.Count * parts[0].DType.Size())), pinned: true);
        fixed (byte* to = target)
        {
            var at = to;
            foreach (var part in parts)
            {
                var elements = part.Read();
                var bytes = part.Shape.Count * part.DType.Size();
                Buffer.MemoryCopy((void*)elements.Address, at, bytes, bytes);
                at += bytes;
                GC.KeepAlive(elements.Owner);
            }
            return new HostElements((nint)to, target);
        }
    });

    private static HostElements Pinned(ReadOnlySpan<byte> bytes)
    {
        var target = GC.AllocateUninitializedArray<byte>(Math.Max(1, bytes.Length), pinned: true);
        bytes.CopyTo(target);
        fixed (byte* to = target) return new HostElements((nint)to, target);
    }
}
