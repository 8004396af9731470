using System.Runtime.Intrinsics;

namespace SglNative.Cpu.Simd;

/// <summary>A vector of one float. Masks are all-ones bits, as with the wider ones.</summary>
internal readonly unsafe struct ScalarSimd : ISimd<float>
{
    private static float True => BitConverter.Int32BitsToSingle(-1);

    public static int Width => 1;

    public static int TileRows => 2;

    public static float Create(float value) => value;

    public static float Load(float* source) => *source;

    public static void Store(float* destination, float value) => *destination = value;

    public static float LoadBFloat16(ushort* source) => BitConverter.UInt32BitsToSingle((uint)*source << 16);

    public static void StoreBFloat16(ushort* destination, float value)
    {
        var bits = BitConverter.SingleToUInt32Bits(value);
        *destination = (ushort)(float.IsNaN(value) ? (bits >> 16) | 0x40 : (bits + 0x7fff + ((bits >> 16) & 1)) >> 16);
    }

    public static float LoadHalf(ushort* source) => (float)BitConverter.UInt16BitsToHalf(*source);

    public static float LoadBFloat16Even(ushort* source) => LoadBFloat16(source);

    public static float LoadBFloat16Odd(ushort* source) => LoadBFloat16(source + 1);

    public static float Add(float a, float b) => a + b;

    public static float Subtract(float a, float b) => a - b;

    public static float Multiply(float a, float b) => a * b;

    public static float Divide(float a, float b) => a / b;

    public static float MultiplyAdd(float a, float b, float c) => MathF.FusedMultiplyAdd(a, b, c);

    public static float Max(float a, float b) => a > b ? a : b;

    public static float Min(float a, float b) => a < b ? a : b;

    public static float Abs(float value) => MathF.Abs(value);

    public static float Sqrt(float value) => MathF.Sqrt(value);

    public static float Round(float value) => MathF.Round(value);

    public static float PowerOfTwo(float n) => BitConverter.Int32BitsToSingle(((int)n + 127) << 23);

    public static float SplitExponent(float value, out float exponent)
    {
        var bits = BitConverter.SingleToInt32Bits(value) - FloatFormat.SqrtHalfBits;
        exponent = bits >> 23;
        return BitConverter.Int32BitsToSingle((bits & FloatFormat.MantissaMask) + FloatFormat.SqrtHalfBits);
    }

    public static float LessThan(float a, float b) => a < b ? True : 0;

    public static float AtLeast(float a, float b) => a >= b ? True : 0;

    public static float Select(float mask, float whenTrue, float whenFalse) => Any(mask) ? whenTrue : whenFalse;

    public static bool Any(float mask) => BitConverter.SingleToInt32Bits(mask) != 0;

    public static float Sum(float value) => value;

    public static float MaxAcross(float value) => value;

    public static Vector128<float> Sum4(float a, float b, float c, float d) => Vector128.Create(a, b, c, d);
}
