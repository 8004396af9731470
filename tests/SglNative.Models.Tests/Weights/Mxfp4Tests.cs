using SglNative.Core;
using SglNative.Core.Tensors;
using SglNative.Models.Weights;

namespace SglNative.Models.Tests.Weights;

/// <summary>OCP's MXFP4, decoded from the definition of its bits.</summary>
public class Mxfp4Tests
{
    [Theory]
    [InlineData(127)]
    [InlineData(118)]
    [InlineData(140)]
    [InlineData(2)]
    [InlineData(250)]
    public void Every_code_is_its_value_times_the_scale(int scale)
    {
        // Byte i holds code 2i in its lower half and 2i + 1 in its upper: all sixteen codes twice.
        byte[] block = [.. Enumerable.Range(0, 16).Select(i => (byte)((2 * i & 15) | (2 * i + 1 & 15) << 4))];
        var values = Decode([block], [(byte)scale], 1, 1);
        Assert.Equal(32, values.Length);
        for (var i = 0; i < 32; i++)
        {
            Assert.Equal((float)(E2M1(i & 15) * Math.Pow(2, scale - 127)), values[i]);
            Assert.Equal((i & 8) != 0, float.IsNegative(values[i]));
        }
    }

    [Fact]
    public void Groups_have_their_own_scales_row_by_row()
    {
        byte[] codes = [0x12, 0x34, 0x56, 0x79];
        byte[] scales = [127, 128, 128, 126];
        var values = Decode([.. codes.Select(code => Enumerable.Repeat(code, 16).ToArray())], scales, 2, 2);
        for (var i = 0; i < 128; i++)
        {
            var code = codes[i / 32];
            Assert.Equal((float)(E2M1(i % 2 == 0 ? code & 15 : code >> 4) * Math.Pow(2, scales[i / 32] - 127)), values[i]);
        }
    }

    [Fact]
    public void What_does_not_belong_together_is_named()
    {
        var blocks = Source(new byte[32], DType.UInt8, 2, 1, 16);
        Assert.EndsWith("expected MXFP4 scales uint8[2, 1]", Refusal(blocks, Source(new byte[3], DType.UInt8, 3, 1)), StringComparison.Ordinal);
        Assert.EndsWith("expected MXFP4 blocks uint8[rows, groups, 16]", Refusal(Source(new byte[32], DType.UInt8, 2, 2, 8), Source(new byte[4], DType.UInt8, 2, 2)), StringComparison.Ordinal);
        Assert.Contains("expected MXFP4 blocks", Refusal(Source(new byte[64], DType.BFloat16, 2, 1, 16), Source(new byte[2], DType.UInt8, 2, 1)), StringComparison.Ordinal);

        static string Refusal(SourceTensor blocks, SourceTensor scales) => Assert.Throws<SglException>(() => Mxfp4.Dequantized(blocks, scales, "w")).Message;
    }

    // Sign, two bits of exponent with bias 1, one bit of mantissa; exponent 0 has no leading one.
    private static double E2M1(int code)
    {
        var (sign, exponent, mantissa) = ((code & 8) == 0 ? 1 : -1, (code >> 1) & 3, code & 1);
        return sign * (exponent == 0 ? 0.5 * mantissa : (1 + 0.5 * mantissa) * Math.Pow(2, exponent - 1));
    }

    private static unsafe float[] Decode(byte[][] blocks, byte[] scales, int rows, int groups)
    {
        var decoded = Mxfp4.Dequantized(Source([.. blocks.SelectMany(block => block)], DType.UInt8, rows, groups, 16), Source(scales, DType.UInt8, rows, groups), "w");
        Assert.Equal(("w", DType.BFloat16, new Shape(rows, groups * 32), "MXFP4"), (decoded.Name, decoded.DType, decoded.Shape, decoded.Format));
        var elements = decoded.Read();
        var values = new float[decoded.Shape.Count];
        HostConversion.ToFloats(new ReadOnlySpan<byte>((void*)elements.Address, 2 * values.Length), DType.BFloat16, values);
        GC.KeepAlive(elements.Owner);
        return values;
    }

    private static unsafe SourceTensor Source(byte[] bytes, DType dtype, params ReadOnlySpan<long> shape)
    {
        var pinned = GC.AllocateArray<byte>(bytes.Length, pinned: true);
        bytes.CopyTo(pinned, 0);
        fixed (byte* address = pinned)
        {
            var elements = new HostElements((nint)address, pinned);
            return new SourceTensor("source", dtype, new Shape(shape), "source", () => elements);
        }
    }
}
