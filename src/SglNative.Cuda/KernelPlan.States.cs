using SglNative.Core.Tensors;
using SglNative.Cuda.Attention;
using SglNative.Cuda.Caching;
using SglNative.Cuda.Elementwise;
using SglNative.Cuda.Kernels;
using SglNative.Cuda.Latent;
using SglNative.Cuda.Recurrent;
using SglNative.Interop;

namespace SglNative.Cuda;

public sealed partial record KernelPlan
{
    /// <summary>Latent attention: rank, rotated elements and heads, of layers that have it.</summary>
    public IReadOnlyList<(int Rank, int Rope, int Heads)> Latents { get; init; } = [];

    /// <summary>Causal convolutions: taps, and whether SiLU follows.</summary>
    public IReadOnlyList<(int Taps, bool Silu)> Convolutions { get; init; } = [];

    /// <summary>Sizes of the keys and values of gated delta rules.</summary>
    public IReadOnlyList<(int KeyDim, int ValueDim)> DeltaRules { get; init; } = [];

    private IEnumerable<KernelName> LatentKernels(DeviceCapabilities device)
    {
        foreach (var (rank, rope, heads) in Latents)
        {
            yield return StoreLatentKernel.Name(new(DType.Float32, DType));
            if (LatentAttentionKernels.UsesTensorCores(DType, DType, rank))
            {
                foreach (var rows in (long[])[heads, long.MaxValue])
                    yield return LatentAttention.Name(new(DType, rank, rope, PageSize, LatentAttention.Config.For(rank, rope, rows, device)));
            }
            else
            {
                yield return PlainLatentAttention.Name(new(DType, DType, rank, rope, PageSize));
            }
            yield return CombineSplits.Name(new(DType, rank));
        }
    }

    private IEnumerable<KernelName> RecurrentKernels(DeviceCapabilities device)
    {
        foreach (var (taps, silu) in Convolutions)
        {
            yield return CausalConvolutionKernel.Name(new(DType.Float32, DType, DType.Float32, taps, silu));
            yield return GateKernel.Name(new(DType.Float32, DType, silu));
        }
        foreach (var (keyDim, valueDim) in DeltaRules)
        {
            yield return DeltaGatesKernel.Name(new(DType.Float32, DType.Float32));
            yield return GatedDeltaRule.Name(new(DType.Float32, DType.Float32, keyDim));
            if (ChunkedDeltaRule.KeyFor(DType.Float32, DType, DType.Float32, keyDim, valueDim, device) is not { } key) continue;
            yield return ChunkedDeltaRule.ChunksName(key);
            yield return ChunkedDeltaRule.ScanName(key);
        }
    }
}
