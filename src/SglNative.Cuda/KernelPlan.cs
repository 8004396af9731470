using SglNative.Core.Tensors;
using SglNative.Cuda.Attention;
using SglNative.Cuda.Caching;
using SglNative.Cuda.Elementwise;
using SglNative.Cuda.Embedding;
using SglNative.Cuda.Kernels;
using SglNative.Cuda.Latent;
using SglNative.Cuda.Normalization;
using SglNative.Cuda.Recurrent;
using SglNative.Cuda.Rotary;
using SglNative.Cuda.Sampling;
using SglNative.Interop;
using SglNative.Models.Operations;

namespace SglNative.Cuda;

/// <summary>What of a model decides which kernels it needs; what it does not foresee is compiled when first used.</summary>
/// <param name="DType">Type of weights, activations and cache.</param>
/// <param name="NormWidths">Lengths of the rows that RMS norms see: hidden sizes, and head sizes where queries and keys are normed.</param>
/// <param name="HeadDims">Sizes of attention heads.</param>
/// <param name="PageSize">Tokens in a KV page.</param>
public sealed record KernelPlan(DType DType, IReadOnlyList<int> NormWidths, IReadOnlyList<int> HeadDims, int PageSize)
{
    /// <summary>Activations of gated MLPs.</summary>
    public IReadOnlyList<GatedActivation> Activations { get; init; } = [GatedActivation.Silu];

    /// <summary>True where rotary embedding pairs neighbours.</summary>
    public bool InterleavedRotary { get; init; }

    /// <summary>True where attention scores are capped.</summary>
    public bool SoftCap { get; init; }

    /// <summary>Latent attention: rank, rotated elements and heads, of layers that have it.</summary>
    public IReadOnlyList<(int Rank, int Rope, int Heads)> Latents { get; init; } = [];

    /// <summary>Causal convolutions: taps, and whether SiLU follows.</summary>
    public IReadOnlyList<(int Taps, bool Silu)> Convolutions { get; init; } = [];

    /// <summary>Sizes of the keys and values of gated delta rules.</summary>
    public IReadOnlyList<(int KeyDim, int ValueDim)> DeltaRules { get; init; } = [];

    /// <summary>The kernels, each once.</summary>
    internal IEnumerable<KernelName> Kernels(DeviceCapabilities device)
    {
        yield return EmbeddingKernel.Name(new(DType, DType));
        yield return ElementwiseKernels.AddName(DType);
        foreach (var activation in Activations) yield return GatedActivationKernel.Name(new(DType, activation));
        foreach (var width in NormWidths)
        {
            yield return RmsNormKernel.Name(new(DType, DType, RmsNormConfig.For(width), Add: false));
            yield return RmsNormKernel.Name(new(DType, DType, RmsNormConfig.For(width), Add: true));
        }
        yield return RotaryKernel.Name(new(DType, InterleavedRotary));
        yield return StoreKvKernel.Name(new(DType, DType));
        foreach (var headDim in HeadDims)
        {
            if (AttentionKernels.UsesTensorCores(DType, DType))
            {
                yield return PrefillAttention.Name(new(DType, headDim, PageSize, PrefillAttention.Config.For(headDim), SoftCap));
                yield return DecodeAttention.Name(new(DType, headDim, PageSize, DecodeAttention.Config.For(headDim, device), SoftCap));
            }
            else
            {
                yield return PlainAttention.Name(new(DType, DType, headDim, PageSize, SoftCap));
            }
            yield return CombineSplits.Name(new(DType, headDim));
        }
        foreach (var kernel in LatentKernels(device)) yield return kernel;
        foreach (var kernel in RecurrentKernels(device)) yield return kernel;
        yield return SampleKernels.PlanName;
        yield return SampleKernels.PickName;
        yield return EditLogitsKernel.Name;
        yield return LogProbsKernels.ChosenName;
        yield return LogProbsKernels.TopName;
    }

    private IEnumerable<KernelName> LatentKernels(DeviceCapabilities device)
    {
        foreach (var (rank, rope, heads) in Latents)
        {
            yield return StoreLatentKernel.Name(new(DType, DType));
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
            yield return CausalConvolutionKernel.Name(new(DType, taps, silu));
            yield return GateKernel.Name(new(DType, silu));
        }
        foreach (var (keyDim, valueDim) in DeltaRules)
        {
            yield return DeltaGatesKernel.Name(new(DType.Float32, DType.Float32));
            yield return GatedDeltaRule.Name(new(DType, keyDim));
            if (ChunkedDeltaRule.KeyFor(DType, keyDim, valueDim, device) is not { } key) continue;
            yield return ChunkedDeltaRule.ChunksName(key);
            yield return ChunkedDeltaRule.ScanName(key);
        }
    }
}
