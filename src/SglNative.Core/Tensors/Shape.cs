using System.Runtime.CompilerServices;

namespace SglNative.Core.Tensors;

/// <summary>Up to <see cref="MaxRank"/> dimensions (or strides), held inline so that shapes cost no allocation.</summary>
public readonly struct Shape : IEquatable<Shape>
{
    /// <summary>The largest rank a tensor can have; the KV cache [page, K|V, head, token, dim] needs it.</summary>
    public const int MaxRank = 5;

    private readonly Dimensions _dims;

    /// <summary>A shape of the given dimensions, outermost first.</summary>
    public Shape(params ReadOnlySpan<long> dims)
    {
        if (dims.Length > MaxRank) throw new ArgumentException($"a tensor has at most {MaxRank} dimensions, not {dims.Length}", nameof(dims));
        Rank = dims.Length;
        for (var i = 0; i < dims.Length; i++) _dims[i] = dims[i];
    }

    /// <summary>Number of dimensions; 0 for a scalar.</summary>
    public int Rank { get; }

    /// <summary>Size of dimension <paramref name="axis"/>; negative counts from the last (-1).</summary>
    public long this[int axis]
    {
        get
        {
            if (axis < 0) axis += Rank;
            ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual((uint)axis, (uint)Rank, nameof(axis));
            return _dims[axis];
        }
    }

    /// <summary>Number of elements; 1 for a scalar.</summary>
    public long Count
    {
        get
        {
            var count = 1L;
            for (var i = 0; i < Rank; i++) count = checked(count * _dims[i]);
            return count;
        }
    }

    /// <summary>Strides, in elements, of a contiguous row-major tensor of this shape.</summary>
    public Shape ContiguousStrides()
    {
        Span<long> strides = stackalloc long[Rank];
        var step = 1L;
        for (var i = Rank - 1; i >= 0; i--)
        {
            strides[i] = step;
            step *= _dims[i];
        }
        return new Shape(strides);
    }

    /// <summary>This shape with dimension <paramref name="axis"/> replaced.</summary>
    public Shape With(int axis, long size)
    {
        Span<long> dims = stackalloc long[Rank];
        for (var i = 0; i < Rank; i++) dims[i] = _dims[i];
        dims[axis < 0 ? axis + Rank : axis] = size;
        return new Shape(dims);
    }

    /// <inheritdoc/>
    public bool Equals(Shape other)
    {
        if (Rank != other.Rank) return false;
        for (var i = 0; i < Rank; i++) if (_dims[i] != other._dims[i]) return false;
        return true;
    }

    /// <inheritdoc/>
    public override bool Equals(object? obj) => obj is Shape other && Equals(other);

    /// <inheritdoc/>
    public override int GetHashCode()
    {
        var hash = new HashCode();
        for (var i = 0; i < Rank; i++) hash.Add(_dims[i]);
        return hash.ToHashCode();
    }

    /// <summary>As written in messages: <c>[4096, 1024]</c>.</summary>
    public override string ToString()
    {
        var parts = new long[Rank];
        for (var i = 0; i < Rank; i++) parts[i] = _dims[i];
        return $"[{string.Join(", ", parts)}]";
    }

    /// <summary>True when both have the same dimensions.</summary>
    public static bool operator ==(Shape left, Shape right) => left.Equals(right);

    /// <summary>True when the dimensions differ.</summary>
    public static bool operator !=(Shape left, Shape right) => !left.Equals(right);

    [InlineArray(MaxRank)]
    private struct Dimensions
    {
        private long _first;
    }
}
