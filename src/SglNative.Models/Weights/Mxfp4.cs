using SglNative.Core;
using SglNative.Core.Tensors;

namespace SglNative.Models.Weights;

/// <summary>
/// Weights in OCP's MXFP4 as gpt-oss is published: <c>*_blocks</c> uint8 [rows, groups, 16], two 4-bit floats (sign, two bits of
/// exponent, one of mantissa) in a byte, the lower half first, and <c>*_scales</c> uint8 [rows, groups], the biased exponent of
/// each group of 32. A product of the two has few enough bits to be exact in bfloat16.
/// </summary>
public static unsafe class Mxfp4
{
    private const int GroupSize = 32, ExponentBias = 127;

    private static readonly float[] Values = [0, 0.5f, 1, 1.5f, 2, 3, 4, 6, -0f, -0.5f, -1, -1.5f, -2, -3, -4, -6];

    /// <summary>The bfloat16 matrix [rows, groups · 32] of blocks and scales; for <see cref="WeightMap.Join"/>.</summary>
    /// <exception cref="SglException">The two do not belong together.</exception>
    public static SourceTensor Dequantized(SourceTensor blocks, SourceTensor scales, string name)
    {
        var (b, s) = (blocks.Shape, scales.Shape);
        if (b.Rank != 3 || b[2] != GroupSize / 2 || blocks.DType != DType.UInt8)
            throw new SglException($"{blocks.Origin} is {blocks.DType.TorchName()}{b} for each expert, expected MXFP4 blocks uint8[rows, groups, {GroupSize / 2}]");
        if (s != new Shape(b[0], b[1]) || scales.DType != DType.UInt8)
            throw new SglException($"{scales.Origin} is {scales.DType.TorchName()}{s} for each expert, expected MXFP4 scales uint8{new Shape(b[0], b[1])}");
        return Groups(blocks, scales, name, 0, b[1]);
    }

    // Of each row the groups from `first` on.
    private static SourceTensor Groups(SourceTensor blocks, SourceTensor scales, string name, long first, long groups) =>
        new(name, DType.BFloat16, new Shape(blocks.Shape[0], groups * GroupSize), blocks.Origin, () => Decode(blocks, scales, first, groups), "MXFP4")
        {
            Narrower = (axis, start, length) =>
            {
                if (axis == 0) return (Groups(blocks.Rows(start, length), scales.Rows(start, length), name, first, groups), 0);
                var (from, end) = (start / GroupSize, (start + length + GroupSize - 1) / GroupSize);
                return (Groups(blocks, scales, name, first + from, end - from), start - from * GroupSize);
            },
        };

    private static HostElements Decode(SourceTensor blocks, SourceTensor scales, long first, long groups)
    {
        var (rows, perRow) = (scales.Shape[0], scales.Shape[1]);
        var target = GC.AllocateUninitializedArray<ushort>(checked((int)(rows * groups * GroupSize)), pinned: true);
        var (from, factors) = (blocks.Read(), scales.Read());
        Span<ushort> scaled = stackalloc ushort[Values.Length];
        var exponent = -1;
        for (var g = 0L; g < rows * groups; g++)
        {
            var place = g / groups * perRow + first + g % groups;
            if (((byte*)factors.Address)[place] is var found && found != exponent)
            {
                exponent = found;
                // Both factors are short, so the upper half of the product is all of it; past the largest number it is infinity.
                for (var i = 0; i < Values.Length; i++) scaled[i] = (ushort)(BitConverter.SingleToUInt32Bits((float)Math.ScaleB((double)Values[i], exponent - ExponentBias)) >> 16);
            }
            var block = new ReadOnlySpan<byte>((byte*)from.Address + place * GroupSize / 2, GroupSize / 2);
            var output = target.AsSpan((int)(g * GroupSize), GroupSize);
            for (var i = 0; i < block.Length; i++) (output[2 * i], output[2 * i + 1]) = (scaled[block[i] & 15], scaled[block[i] >> 4]);
        }
        GC.KeepAlive(from.Owner);
        GC.KeepAlive(factors.Owner);
        fixed (ushort* address = target) return new HostElements((nint)address, target);
    }
}
