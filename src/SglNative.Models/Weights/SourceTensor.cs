using SglNative.Core.Checkpoints;
using SglNative.Core.Tensors;

namespace SglNative.Models.Weights;

/// <summary>
/// A tensor under its canonical name, as a <see cref="WeightMap"/> finds it in a checkpoint: dense elements in host memory, mapped
/// from the file or made from it when asked for.
/// </summary>
/// <param name="name">Canonical name.</param>
/// <param name="dtype">Element type.</param>
/// <param name="shape">Dimensions.</param>
/// <param name="origin">The checkpoint tensor, for messages.</param>
/// <param name="read">Returns the elements; the memory is valid while the returned owner (if any) is referenced.</param>
/// <param name="format">Name of the quantised format that it is made from when asked for; null where it is stored as it is.</param>
public sealed class SourceTensor(string name, DType dtype, Shape shape, string origin, Func<HostElements> read, string? format = null)
{
    /// <summary>A checkpoint's tensor as it is.</summary>
    public SourceTensor(CheckpointTensor tensor) : this(tensor.Name, tensor.DType, tensor.Shape, tensor.Name, () => new HostElements(tensor.Pointer, null)) { }

    /// <summary>Canonical name.</summary>
    public string Name => name;

    /// <summary>Element type.</summary>
    public DType DType => dtype;

    /// <summary>Dimensions.</summary>
    public Shape Shape => shape;

    /// <summary>The checkpoint tensor it comes from.</summary>
    public string Origin => origin;

    /// <summary>Name of the quantised format that it is made from when asked for, such as <c>MXFP4</c>; null where it is stored as it is.</summary>
    public string? Format => format;

    /// <summary>
    /// For elements that are made when asked for: the tensor of those that a share [start, start + length) along an axis needs, and the index
    /// at which the share begins in it; null where no fewer can be made.
    /// </summary>
    internal Func<int, long, long, (SourceTensor Tensor, long First)?>? Narrower { get; init; }

    /// <summary>The elements.</summary>
    public HostElements Read() => read();

    /// <summary>
    /// A tensor that holds the share [<paramref name="start"/>, start + <paramref name="length"/>) along <paramref name="axis"/>, from index
    /// <c>First</c> on: this one where it is mapped from a file, of which only what is looked at is read; else one of which no more is made
    /// than the share needs, as far as that can be.
    /// </summary>
    public (SourceTensor Tensor, long First) Narrow(int axis, long start, long length) =>
        length == shape[axis] ? (this, 0) : Narrower?.Invoke(axis, start, length) ?? (this, start);

    /// <summary>Entries of the first dimension, no more.</summary>
    public SourceTensor Rows(long start, long length)
    {
        var (tensor, first) = Narrow(0, start, length);
        return tensor.Shape[0] == length ? tensor
            : tensor.Part(name, shape.With(0, length), (nint)(first * (tensor.Shape.Count / tensor.Shape[0]) * dtype.Size()));
    }

    /// <summary>The same elements under another name.</summary>
    public SourceTensor Named(string newName) => new(newName, dtype, shape, origin, read, format) { Narrower = Narrower };

    /// <summary>The dense elements from <paramref name="offset"/> (in bytes) on.</summary>
    public SourceTensor Part(string partName, Shape partShape, nint offset) => new(partName, dtype, partShape, origin, () =>
    {
        var elements = read();
        return elements with { Address = elements.Address + offset };
    }, format);

    /// <summary>Elements that are made from these when asked for.</summary>
    public SourceTensor Made(string newName, DType newDType, Shape newShape, Func<HostElements> make) => new(newName, newDType, newShape, origin, make, format);

    /// <summary>As above, of which a share is made of <paramref name="narrower"/>'s; see <see cref="Narrower"/>.</summary>
    internal SourceTensor Made(string newName, Shape newShape, Func<HostElements> make, Func<int, long, long, SourceTensor?> narrower) =>
        new(newName, dtype, newShape, origin, make, format)
        {
            Narrower = (axis, start, length) => narrower(axis, start, length) is { } narrow ? (narrow, 0) : null,
        };
}

/// <summary>Dense elements in host memory.</summary>
/// <param name="Address">First element.</param>
/// <param name="Owner">Keeps made-up memory alive; null for a mapped file.</param>
public readonly record struct HostElements(nint Address, object? Owner);
