using SglNative.Core.Tensors;
using SglNative.Cuda.Attention;
using SglNative.Cuda.Caching;
using SglNative.Cuda.Elementwise;
using SglNative.Cuda.Embedding;
using SglNative.Cuda.Kernels;
using SglNative.Cuda.Moe;
using SglNative.Cuda.Normalization;
using SglNative.Cuda.Rotary;
using SglNative.Cuda.Sampling;
using SglNative.Interop;
using SglNative.Models.Operations;

namespace SglNative.Cuda;

/// <summary>What of a model decides which kernels it needs; what it does not foresee is compiled when first used.</summary>
/// <param name="DType">Type of weights, operands and cache.</param>
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

    /// <summary>Whether norms subtract the mean.</summary>
    public bool LayerNorm { get; init; }

    /// <summary>Whether q, k and v are limited.</summary>
    public bool ClipQkv { get; init; }

    /// <summary>Whether logits are capped.</summary>
    public bool LogitSoftCap { get; init; }

    /// <summary>Routed experts of a layer; 0 for none.</summary>
    public int Experts { get; init; }

    /// <summary>Experts of a token.</summary>
    public int ExpertsPerToken { get; init; }

    /// <summary>The most tokens of a step; with the one above it decides which tiles experts may need.</summary>
    public int MaxTokens { get; init; } = 8192;

    /// <summary>The kernels; for float32 some are named twice.</summary>
    internal IEnumerable<KernelName> Kernels(DeviceCapabilities device)
    {
        const DType between = DType.Float32;
        yield return EmbeddingKernel.Name(new(DType, between));
        yield return EmbeddingKernel.Name(new(DType, DType));
        yield return ElementwiseKernels.AddName(between);
        yield return ElementwiseKernels.ScaleName(new(between, DType));
        foreach (var activation in Activations) yield return GatedActivationKernel.Name(new(between, DType, activation));
        foreach (var width in NormWidths)
        {
            if (LayerNorm) yield return LayerNormKernel.Name(new(between, DType, DType, RmsNormConfig.For(width)));
            // Before projections, between layers, and in place over heads.
            yield return RmsNormKernel.Name(new(between, null, DType, DType, RmsNormConfig.For(width)));
            yield return RmsNormKernel.Name(new(between, between, DType, DType, RmsNormConfig.For(width)));
            yield return RmsNormKernel.Name(new(between, null, DType, between, RmsNormConfig.For(width)));
        }
        yield return RotaryKernel.Name(new(between, InterleavedRotary));
        yield return StoreKvKernel.Name(new(between, DType));
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
        if (ClipQkv) yield return GatingKernels.ClampName(between);
        if (LogitSoftCap) yield return GatingKernels.SoftCapName(between);
        if (Experts > 0)
            foreach (var kernel in ExpertLayer(device)) yield return kernel;
        yield return SampleKernels.PlanName;
        yield return SampleKernels.PickName;
        yield return EditLogitsKernel.Name;
        yield return LogProbsKernels.ChosenName;
        yield return LogProbsKernels.TopName;
    }

    private IEnumerable<KernelName> ExpertLayer(DeviceCapabilities device)
    {
        yield return RouteExpertsKernel.Name;
        yield return SortPairsKernel.Name;
        yield return CombineExpertsKernel.Name(DType.Float32);
        yield return GatingKernels.SigmoidName(new(DType.Float32, DType.Float32));
        foreach (var activation in Activations.Select(a => (GatedActivation?)a).Append(null))
        {
            // The first half ends as an operand of the second, which ends in a sum.
            var output = activation is null ? DType.Float32 : DType;
            if (!ExpertKernels.UsesTensorCores(DType, DType)) yield return ExpertKernels.PlainName(new(DType, DType, output, activation));
            else
                for (var tokens = 1; tokens <= MaxTokens; tokens *= 2)
                    yield return ExpertKernels.Name(new(DType, output, activation, ExpertConfig.For((long)tokens * ExpertsPerToken, Experts, device)));
        }
    }
}
