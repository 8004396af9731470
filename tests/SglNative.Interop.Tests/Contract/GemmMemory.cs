using SglNative.Core.Tensors;
using SglNative.Interop.Gemm;

namespace SglNative.Interop.Tests.Contract;

/// <summary>Random operands of a product, on the device and (as the device sees them, rounded) on the host.</summary>
internal sealed class GemmMemory : IDisposable
{
    private readonly IComputeDevice _device;
    private readonly double[] _a, _b, _c, _bias;
    private readonly nint[] _allocations;

    public GemmMemory(IComputeDevice device, GemmDescription description, int seed, int offset = 0)
    {
        (_device, Description) = (device, description);
        var d = description;
        var random = new Random(seed);
        var batch = Math.Max(d.Batch, 1) - 1;
        _a = Numbers(random, (d.TransposeA ? d.K : d.M) * d.LeadingA + batch * d.BatchStrideA);
        _b = Numbers(random, (d.TransposeB ? d.N : d.K) * d.LeadingB + batch * d.BatchStrideB);
        _c = Numbers(random, d.M * d.LeadingC + batch * d.BatchStrideC);
        _bias = Numbers(random, d.N);
        _allocations = [.. new[] { _a, _b, _c, _bias }.Select(v => device.Allocate(v.Length * 4 + offset))];
        Operands = new GemmOperands(_allocations[0] + offset, _allocations[1] + offset, _allocations[2] + offset)
        {
            Bias = d.Epilogue == GemmEpilogue.Bias ? _allocations[3] + offset : 0,
        };
        Write(Operands.A, _a, d.TypeA);
        Write(Operands.B, _b, d.TypeB);
        Write(Operands.C, _c, d.TypeC);
        Write(_allocations[3] + offset, _bias, d.TypeC);
    }

    public GemmDescription Description { get; }

    public GemmOperands Operands { get; }

    public double[] ReadC()
    {
        if (Description.TypeC == DType.Float32)
        {
            var floats = new float[_c.Length];
            _device.CopyToHost<float>(floats, Operands.C);
            return [.. floats.Select(f => (double)f)];
        }
        var halves = new ushort[_c.Length];
        _device.CopyToHost<ushort>(halves, Operands.C);
        return [.. halves.Select(h => Description.TypeC == DType.BFloat16
            ? BitConverter.Int32BitsToSingle(h << 16)
            : (double)BitConverter.UInt16BitsToHalf(h))];
    }

    /// <summary>Each element within the rounding of the sum in float32 and of the result's type; gaps between rows untouched.</summary>
    public void AssertCorrect(float alpha, float beta)
    {
        var d = Description;
        var actual = ReadC();
        var written = new bool[actual.Length];
        var resolution = d.TypeC switch { DType.BFloat16 => 1 / 256.0, DType.Float16 => 1 / 2048.0, _ => 0 };
        for (var batch = 0; batch < Math.Max(d.Batch, 1); batch++)
            for (var i = 0; i < d.M; i++)
                for (var j = 0; j < d.N; j++)
                {
                    double sum = 0, size = 0;
                    for (var k = 0; k < d.K; k++)
                    {
                        var product = _a[batch * d.BatchStrideA + (d.TransposeA ? k * d.LeadingA + i : i * d.LeadingA + k)]
                            * _b[batch * d.BatchStrideB + (d.TransposeB ? j * d.LeadingB + k : k * d.LeadingB + j)];
                        sum += product;
                        size += Math.Abs(product);
                    }
                    var at = batch * d.BatchStrideC + i * d.LeadingC + j;
                    var expected = alpha * sum + beta * _c[at] + (d.Epilogue == GemmEpilogue.Bias ? _bias[j] : 0);
                    // Some kernels round the scaled product to the output's type before they add what C held.
                    var rounded = Math.Abs(expected) + (beta != 0 ? Math.Abs(alpha * sum) : 0);
                    var tolerance = 4e-6 * (Math.Abs(alpha) * size + Math.Abs(expected)) + resolution * rounded + 1e-6;
                    Assert.True(Math.Abs(actual[at] - expected) <= tolerance,
                        $"{d}: C[{batch}][{i}, {j}] is {actual[at]}, expected {expected} within {tolerance}");
                    written[at] = true;
                }
        for (var at = 0; at < actual.Length; at++)
            if (!written[at]) Assert.Equal(_c[at], actual[at]);
    }

    public void Dispose()
    {
        foreach (var allocation in _allocations) _device.Free(allocation);
    }

    private static double[] Numbers(Random random, long count)
    {
        var numbers = new double[count];
        for (var i = 0; i < count; i++) numbers[i] = random.NextDouble() * 2 - 1;
        return numbers;
    }

    // Rounds to the type, on the host too, and copies.
    private void Write(nint address, double[] values, DType type)
    {
        if (type == DType.Float32)
        {
            for (var i = 0; i < values.Length; i++) values[i] = (float)values[i];
            _device.CopyToDevice<float>(address, values.Select(v => (float)v).ToArray());
            return;
        }
        var bits = new ushort[values.Length];
        for (var i = 0; i < values.Length; i++)
        {
            // Truncation is as good a rounding as any for operands.
            bits[i] = type == DType.BFloat16
                ? (ushort)(BitConverter.SingleToInt32Bits((float)values[i]) >>> 16)
                : BitConverter.HalfToUInt16Bits((Half)values[i]);
            values[i] = type == DType.BFloat16 ? BitConverter.Int32BitsToSingle(bits[i] << 16) : (double)BitConverter.UInt16BitsToHalf(bits[i]);
        }
        _device.CopyToDevice<ushort>(address, bits);
    }
}
