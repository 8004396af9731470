using SglNative.Core.Tensors;
using SglNative.OpsContract;

namespace SglNative.Cuda.Tests;

/// <summary>The contract of all backends, on the GPU.</summary>
public sealed class CudaContractTests(CudaFixture fixture) : OpsContractTests(fixture.Backend), IClassFixture<CudaFixture>
{
    protected override IReadOnlyList<(DType X, DType Weight)> LinearTypes =>
        [(DType.Float32, DType.Float32), (DType.BFloat16, DType.BFloat16), (DType.Float16, DType.Float16), (DType.Float32, DType.BFloat16)];

    protected override IReadOnlyList<(DType Query, DType Cache)> AttentionTypes =>
        [(DType.Float32, DType.Float32), (DType.BFloat16, DType.BFloat16), (DType.Float16, DType.Float16), (DType.Float32, DType.BFloat16)];

    // A float32 input meets a bf16 weight on tensor cores: it is rounded to the weight's type first. Of thousands of sums, the worst
    // is some standard deviations from the mean.
    protected override double LinearTolerance(DType x, DType weight, DType output) => Tolerance(output) + (x == weight ? 0 : 4 * Numbers.Roundoff(weight));

    // Weights of the softmax are rounded to the cache's type before they meet the values.
    protected override double AttentionTolerance(DType dtype) => 1e-5 + 2.5 * Numbers.Roundoff(dtype);
}
