using SglNative.Core;
using SglNative.Core.Tensors;

namespace SglNative.Models.Weights;

/// <summary>
/// Weights in blocks of 128 × 128 as DeepSeek-V3 is published: <c>weight</c> float8_e4m3fn [rows, columns], and
/// <c>weight_scale_inv</c> float32 [⌈rows / 128⌉, ⌈columns / 128⌉], the factor of each block.
/// </summary>
public static unsafe class Fp8Blocks
{
    private const int Block = 128;

    private static readonly float[] Values = [.. Enumerable.Range(0, 256).Select(Value)];

    /// <summary>The bfloat16 matrix [rows, columns] of factors and weight; for <see cref="WeightMap.Join"/>.</summary>
    /// <exception cref="SglException">The two do not belong together.</exception>
    public static SourceTensor Dequantized(SourceTensor scales, SourceTensor weight, string name)
    {
        var shape = weight.Shape;
        if (weight.DType != DType.Float8E4M3 || shape.Rank != 2)
            throw new SglException($"{weight.Origin} is {weight.DType.TorchName()}{shape}, expected float8_e4m3fn[rows, columns], since it has block scales");
        var expected = new Shape((shape[0] + Block - 1) / Block, (shape[1] + Block - 1) / Block);
        if (scales.DType != DType.Float32 || scales.Shape != expected)
            throw new SglException($"{scales.Origin} is {scales.DType.TorchName()}{scales.Shape}, expected a factor for each block of {Block} × {Block}: float32{expected}");
        return Columns(scales, weight, name, 0, shape[1]);
    }

    // Those from `first` on, where a block begins.
    private static SourceTensor Columns(SourceTensor scales, SourceTensor weight, string name, long first, long columns) =>
        new(name, DType.BFloat16, weight.Shape.With(1, columns), weight.Origin, () => Decode(weight, scales, first, columns), "FP8 block")
        {
            Narrower = (axis, start, length) =>
            {
                var from = start / Block * Block;
                if (axis == 1) return (Columns(scales, weight, name, first + from, start + length - from), start - from);
                var blocks = (start + length + Block - 1) / Block - from / Block;
                return (Columns(scales.Rows(from / Block, blocks), weight.Rows(from, start + length - from), name, first, columns), start - from);
            },
        };

    private static HostElements Decode(SourceTensor weight, SourceTensor scales, long firstColumn, long columns)
    {
        var (rows, stride) = (weight.Shape[0], weight.Shape[1]);
        var target = GC.AllocateUninitializedArray<ushort>(checked((int)(rows * columns)), pinned: true);
        var (from, factors) = (weight.Read(), scales.Read());
        var blockColumns = scales.Shape[1];
        fixed (ushort* address = target)
        {
            var to = (nint)address;
            Parallel.For(0, checked((int)scales.Shape[0]), blockRow =>
            {
                Span<ushort> scaled = stackalloc ushort[256];
                for (var blockColumn = firstColumn / Block; blockColumn * Block < firstColumn + columns; blockColumn++)
                {
                    var scale = ((float*)factors.Address)[blockRow * blockColumns + blockColumn];
                    for (var i = 0; i < scaled.Length; i++) scaled[i] = HostConversion.RoundToBFloat16(Values[i] * scale);
                    var (first, end) = (blockColumn * Block, Math.Min(firstColumn + columns, (blockColumn + 1) * Block));
                    for (var row = (long)blockRow * Block; row < Math.Min(rows, (blockRow + 1L) * Block); row++)
                        for (var column = first; column < end; column++)
                            ((ushort*)to)[row * columns + column - firstColumn] = scaled[((byte*)from.Address)[row * stride + column]];
                }
            });
            GC.KeepAlive(from.Owner);
            GC.KeepAlive(factors.Owner);
            return new HostElements(to, target);
        }
    }

    // Sign, four bits of exponent with bias 7, three of mantissa; no infinities, and NaN where all bits are set.
    private static float Value(int bits)
    {
        var (exponent, mantissa) = (bits >> 3 & 15, bits & 7);
        var magnitude = (bits & 127) == 127 ? double.NaN : exponent == 0 ? Math.ScaleB(mantissa, -9) : Math.ScaleB(8 + mantissa, exponent - 10);
        return (float)(bits >= 128 ? -magnitude : magnitude);
    }
}
