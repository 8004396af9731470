using SglNative.Core.Tensors;

namespace SglNative.Cpu.Operations;

/// <summary>A tensor of rank 1 to 3 as a list of dense rows: its last dimension is the row, the others number the rows.</summary>
internal readonly unsafe struct RowView
{
    private readonly byte* _data;
    private readonly long _outerStride;
    private readonly long _innerStride;
    private readonly int _inner;

    public RowView(in Tensor tensor)
    {
        if (!tensor.DType.IsCompute()) throw new ArgumentException($"the CPU computes with float32, float16 and bfloat16, not {tensor}", nameof(tensor));
        if (tensor.Rank is < 1 or > 3 || (tensor.Shape[-1] > 1 && tensor.Strides[-1] != 1))
            throw new ArgumentException($"{tensor} has no dense rows", nameof(tensor));
        var size = tensor.DType.Size();
        _data = (byte*)tensor.Data;
        DType = tensor.DType;
        Width = checked((int)tensor.Shape[-1]);
        _inner = tensor.Rank == 3 ? (int)tensor.Shape[1] : 1;
        _outerStride = tensor.Rank >= 2 ? tensor.Strides[0] * size : 0;
        _innerStride = tensor.Rank == 3 ? tensor.Strides[1] * size : 0;
        Count = checked((int)(tensor.Rank == 1 ? 1 : tensor.Shape[0] * _inner));
    }

    public DType DType { get; }

    /// <summary>Elements in a row.</summary>
    public int Width { get; }

    /// <summary>Number of rows.</summary>
    public int Count { get; }

    /// <summary>Address of row <paramref name="row"/>.</summary>
    public byte* this[int row] => _inner == 1 ? _data + row * _outerStride : _data + row / _inner * _outerStride + row % _inner * _innerStride;
}
