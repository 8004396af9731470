namespace SglNative.Core.Tensors;

/// <summary>
/// A handle to elements in some device's memory: an address, a type, a shape and strides. It owns nothing and is free to copy;
/// the memory belongs to the backend, cache pool or arena that made it, and outlives the handle by that owner's rules.
/// </summary>
/// <param name="Data">Address of the first element in the owner's address space (a host pointer on the CPU backend).</param>
/// <param name="DType">Element type.</param>
/// <param name="Shape">Dimensions, outermost first.</param>
/// <param name="Strides">Distance in elements between neighbours along each dimension.</param>
public readonly record struct Tensor(nint Data, DType DType, Shape Shape, Shape Strides)
{
    /// <summary>A contiguous tensor at <paramref name="data"/>.</summary>
    public Tensor(nint data, DType dtype, Shape shape) : this(data, dtype, shape, shape.ContiguousStrides()) { }

    /// <summary>True for <c>default</c>, which stands for "no tensor" where one is optional (a bias, say).</summary>
    public bool IsNull => Data == 0;

    /// <summary>Number of dimensions.</summary>
    public int Rank => Shape.Rank;

    /// <summary>Number of elements.</summary>
    public long Count => Shape.Count;

    /// <summary>Bytes of the elements, not counting gaps between strided rows.</summary>
    public long ByteCount => Shape.Count * DType.Size();

    /// <summary>True when the elements lie one after the other in row-major order.</summary>
    public bool IsContiguous
    {
        get
        {
            var step = 1L;
            for (var i = Rank - 1; i >= 0; i--)
            {
                if (Shape[i] != 1 && Strides[i] != step) return false;
                step *= Shape[i];
            }
            return true;
        }
    }

    /// <summary>The part [<paramref name="start"/>, start+<paramref name="length"/>) along <paramref name="axis"/>, without a copy.</summary>
    public Tensor Slice(int axis, long start, long length)
    {
        if (axis < 0) axis += Rank;
        if (start < 0 || length < 0 || start + length > Shape[axis])
            throw new ArgumentOutOfRangeException(nameof(start), $"slice {start}+{length} of dimension {axis} in {Shape}");
        return new Tensor(Data + (nint)(start * Strides[axis] * DType.Size()), DType, Shape.With(axis, length), Strides);
    }

    /// <summary>The entry <paramref name="index"/> of the outermost dimension, which disappears.</summary>
    public Tensor this[long index]
    {
        get
        {
            ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual((ulong)index, (ulong)Shape[0], nameof(index));
            Span<long> dims = stackalloc long[Rank - 1];
            Span<long> strides = stackalloc long[Rank - 1];
            for (var i = 1; i < Rank; i++) (dims[i - 1], strides[i - 1]) = (Shape[i], Strides[i]);
            return new Tensor(Data + (nint)(index * Strides[0] * DType.Size()), DType, new Shape(dims), new Shape(strides));
        }
    }

    /// <summary>The same elements under another shape. The tensor must be contiguous, or only its last dimension may be split.</summary>
    public Tensor View(params ReadOnlySpan<long> dims)
    {
        var shape = new Shape(dims);
        if (shape.Count != Count) throw new ArgumentException($"cannot view {Shape} as {shape}", nameof(dims));
        if (IsContiguous) return new Tensor(Data, DType, shape);
        // Rows with gaps between them (a slice of a fused projection) may still have their last dimension split into heads.
        if (Rank != 2 || Strides[1] != 1 || shape.Rank != 3 || shape[0] != Shape[0])
            throw new ArgumentException($"cannot view strided {Shape} as {shape}", nameof(dims));
        return new Tensor(Data, DType, shape, new Shape(Strides[0], shape[2], 1));
    }

    /// <summary>Throws unless the shape equals <paramref name="expected"/> (-1 matches any size); for boundaries of operations.</summary>
    public void Expect(string name, params ReadOnlySpan<long> expected)
    {
        var matches = Rank == expected.Length;
        for (var i = 0; matches && i < expected.Length; i++) matches = expected[i] < 0 || expected[i] == Shape[i];
        if (!matches) throw new ArgumentException($"{name} has shape {Shape}, expected {new Shape(expected)}", name);
    }

    /// <summary>As written in messages: <c>bfloat16[4, 64]</c>.</summary>
    public override string ToString() => $"{DType.TorchName()}{Shape}";
}
