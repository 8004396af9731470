using SglNative.Core.Tensors;
using SglNative.Cuda;
using SglNative.Models.Operations;
using SglNative.OpsContract;

namespace SglNative.Emulated.Tests;

/// <summary>The contract of all backends, on the CUDA backend's own kernels.</summary>
public abstract class EmulatedOpsContract(CudaBackend backend) : OpsContractTests(backend)
{
    // As on the GPU: a float32 input is rounded to the weight's type, and weights of the softmax to the cache's.
    protected override double LinearTolerance(DType x, DType weight, DType output) => Tolerance(output) + (x == weight ? 0 : 4 * Numbers.Roundoff(weight));

    protected override double AttentionTolerance(DType dtype) => 1e-5 + 2.5 * Numbers.Roundoff(dtype);

    // By chunks, what enters products is rounded first: see CudaContractTests.
    protected override double RecurrentTolerance(DType operand, DType output) => Tolerance(output) + (operand == DType.Float32 ? 0 : 10 * Numbers.Roundoff(operand));
}

/// <summary>With all types.</summary>
public sealed class EmulatedOpsContractTests(FastFixture fixture) : EmulatedOpsContract(fixture.Backend), IClassFixture<FastFixture>
{
    protected override IReadOnlyList<(DType X, DType Weight)> LinearTypes =>
        [(DType.Float32, DType.Float32), (DType.BFloat16, DType.BFloat16), (DType.Float16, DType.Float16), (DType.Float32, DType.BFloat16)];

    protected override IReadOnlyList<(DType Query, DType Cache)> AttentionTypes =>
        [(DType.Float32, DType.Float32), (DType.BFloat16, DType.BFloat16), (DType.Float16, DType.Float16), (DType.Float32, DType.BFloat16)];

    [Fact]
    public void A_gated_unit_beyond_float16_is_its_largest_number()
    {
        var result = Ops.ActAndMul(Upload([1000, 1000, float.NaN, 1, 1000, -1000, 1, 2], DType.Float32, 1, 8), GatedActivation.Silu, DType.Float16);
        Assert.Equal([65504, -65504, float.NaN, 1.462f], Download(result).Select(x => MathF.Round(x, 3)));
    }
}

/// <summary>With every access of every kernel checked, in the types in which most models use them.</summary>
public sealed class CheckedOpsContractTests(CheckedFixture fixture) : EmulatedOpsContract(fixture.Backend), IClassFixture<CheckedFixture>
{
    protected override IReadOnlyList<DType> ActivationTypes => [DType.BFloat16];

    protected override IReadOnlyList<(DType X, DType Weight)> LinearTypes => [(DType.BFloat16, DType.BFloat16)];

    protected override IReadOnlyList<(DType Query, DType Cache)> AttentionTypes => [(DType.BFloat16, DType.BFloat16), (DType.Float32, DType.Float32)];
}
