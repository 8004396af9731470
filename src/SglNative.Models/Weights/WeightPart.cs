using SglNative.Core.Tensors;

namespace SglNative.Models.Weights;

/// <summary>
/// One checkpoint tensor's place in a parameter. Fused projections have several parts below each other; stacked experts one per
/// expert. A part is cut to this rank's share before it is placed.
/// </summary>
/// <param name="Source">Canonical checkpoint name, as the architecture's transformers class writes it.</param>
/// <param name="SourceShape">Shape the checkpoint tensor must have.</param>
/// <param name="Offset">First element of the parameter that it fills; the part is dense from there.</param>
/// <param name="Axis">The axis this rank takes a share of; -1 for the whole tensor.</param>
/// <param name="Start">First index of the share along <paramref name="Axis"/>.</param>
/// <param name="Length">Indices in the share along <paramref name="Axis"/>.</param>
public sealed record WeightPart(string Source, Shape SourceShape, long Offset = 0, int Axis = -1, long Start = 0, long Length = 0)
{
    /// <summary>Shape of what is placed: the source's, cut along <see cref="Axis"/>.</summary>
    public Shape Shape => Axis < 0 ? SourceShape : SourceShape.With(Axis, Length);

    /// <summary>Rows [<paramref name="start"/>, start + <paramref name="length"/>) of a tensor; all of it where these are all.</summary>
    public static WeightPart Rows(string source, Shape shape, long offset, long start, long length) =>
        length == shape[0] ? new WeightPart(source, shape, offset) : new WeightPart(source, shape, offset, 0, start, length);
}
