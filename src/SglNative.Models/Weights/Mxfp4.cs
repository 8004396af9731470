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
        return new SourceTensor(name, DType.BFloat16, new Shape(b[0], b[1] * GroupSize), blocks.Origin, () => Decode(blocks, scales), "MXFP4");
    }

    private static HostElements Decode(SourceTensor blocks, SourceTensor scales)
    {
        var groups = scales.Shape.Count;
        var target = GC.AllocateUninitializedArray<ushort>(checked((int)(groups * GroupSize)), pinned: true);
        var (from, factors) = (blocks.Read(), scales.Read());
        var bytes = new ReadOnlySpan<byte>((void*)from.Address, checked((int)(groups * GroupSize / 2)));
        var exponents = new ReadOnlySpan<byte>((void*)factors.Address, checked((int)groups));
        Span<ushort> scaled = stackalloc ushort[Values.Length];
        var exponent = -1;
        for (var g = 0; g < exponents.Length; g++)
        {
            if (exponents[g] != exponent)
            {
                exponent = exponents[g];
                // Both factors are short, so the upper half of the product is all of it; past the largest number it is infinity.
                for (var i = 0; i < Values.Length; i++) scaled[i] = (ushort)(BitConverter.SingleToUInt32Bits((float)Math.ScaleB((double)Values[i], exponent - ExponentBias)) >> 16);
            }
            var block = bytes.Slice(g * GroupSize / 2, GroupSize / 2);
            var output = target.AsSpan(g * GroupSize, GroupSize);
            for (var i = 0; i < block.Length; i++) (output[2 * i], output[2 * i + 1]) = (scaled[block[i] & 15], scaled[block[i] >> 4]);
        }
        GC.KeepAlive(from.Owner);
        GC.KeepAlive(factors.Owner);
        fixed (ushort* address = target) return new HostElements((nint)address, target);
    }
}
