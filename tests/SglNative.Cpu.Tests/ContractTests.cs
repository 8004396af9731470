using SglNative.Core.Tensors;
using SglNative.Cpu.Simd;
using SglNative.Models.Backends;
using SglNative.OpsContract;

namespace SglNative.Cpu.Tests;

/// <summary>The contract of all backends, on the CPU with one kind of vector.</summary>
public abstract class ContractTests : OpsContractTests
{
    protected ContractTests(SimdLevel simd) : base(Create(simd)) { }

    protected override IReadOnlyList<(DType X, DType Weight)> LinearTypes =>
    [
        (DType.Float32, DType.Float32), (DType.Float32, DType.BFloat16), (DType.Float32, DType.Float16),
        (DType.BFloat16, DType.BFloat16), (DType.Float16, DType.Float16),
    ];

    protected override IReadOnlyList<(DType Query, DType Cache)> AttentionTypes =>
        [(DType.Float32, DType.Float32), (DType.Float32, DType.BFloat16), (DType.Float32, DType.Float16), (DType.BFloat16, DType.BFloat16)];

    protected override double Tolerance(DType dtype) => 5e-6 + 1.01 * Numbers.Roundoff(dtype);

    protected override double AttentionTolerance(DType dtype) => 1e-5 + 1.01 * Numbers.Roundoff(dtype);

    protected override void Dispose(bool disposing)
    {
        base.Dispose(disposing);
        Backend.Dispose();
    }

    private static Backend Create(SimdLevel simd)
    {
        if (!CpuBackend.IsSupported(simd)) Assert.Skip($"this processor has no {simd}");
        return new CpuBackend(new CpuOptions { Simd = simd, Threads = 3 });
    }
}

public sealed class Avx512ContractTests() : ContractTests(SimdLevel.Avx512);

public sealed class Avx2ContractTests() : ContractTests(SimdLevel.Avx2);

public sealed class Vector128ContractTests() : ContractTests(SimdLevel.Vector128);

public sealed class ScalarContractTests() : ContractTests(SimdLevel.Scalar);
