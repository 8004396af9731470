using SglNative.Core.Tensors;
using SglNative.Cuda.Normalization;
using SglNative.Interop;
using SglNative.Models.Operations;

namespace SglNative.Cuda.Catalog;

/// <summary>
/// The values of what kernels are instantiated by. They are those of published models; what lies outside (a page of 7 tokens, heads of
/// 48 elements) works too and is compiled when a model first asks for it.
/// </summary>
/// <param name="Devices">The chips that the code is for.</param>
internal sealed record KernelRange(IReadOnlyList<DeviceCapabilities> Devices)
{
    /// <summary>Types of weights, of operands of matrix multiplications and attention, and of the cache.</summary>
    public IReadOnlyList<DType> DTypes { get; init; } = [DType.BFloat16, DType.Float16, DType.Float32];

    /// <summary>Types that meet in a conversion, from and to; a type with itself included.</summary>
    public IEnumerable<(DType From, DType To)> Conversions => from a in DTypes from b in DTypes select (a, b);

    /// <summary>Of what lies between operations: residuals, sums and projections.</summary>
    public const DType Between = DType.Float32;

    /// <summary>Sizes of attention heads.</summary>
    public IReadOnlyList<int> HeadDims { get; init; } = [64, 80, 96, 128, 256];

    /// <summary>Latents: their rank, and the rotated elements beside them (DeepSeek, Kimi).</summary>
    public IReadOnlyList<(int Rank, int Rope)> Latents { get; init; } = [(512, 64)];

    /// <summary>Query heads over a latent.</summary>
    public IReadOnlyList<int> LatentHeads { get; init; } = [16, 128];

    /// <summary>Tokens in a page of the cache.</summary>
    public IReadOnlyList<int> PageSizes { get; init; } = [1, 16, 64];

    /// <summary>The shortest row that a layer norm sees.</summary>
    public int SmallestLayerNorm { get; init; } = 2048;

    /// <summary>The longest row that is normed.</summary>
    public int LargestRow { get; init; } = 16384;

    /// <summary>Activations of gated MLPs.</summary>
    public IReadOnlyList<GatedActivation> Activations { get; init; } = Enum.GetValues<GatedActivation>();

    /// <summary>Those of routed experts (gpt-oss has its own).</summary>
    public IReadOnlyList<GatedActivation> ExpertActivations { get; init; } = [GatedActivation.Silu, GatedActivation.SwigluOss];

    /// <summary>Causal convolutions: taps, and whether SiLU follows (Qwen3-Next; LFM2).</summary>
    public IReadOnlyList<(int Taps, bool Silu)> Convolutions { get; init; } = [(4, true), (3, false)];

    /// <summary>Sizes of the keys and values of gated delta rules (Qwen3-Next).</summary>
    public IReadOnlyList<(int KeyDim, int ValueDim)> DeltaRules { get; init; } = [(128, 128)];

    /// <summary>Both values of a switch.</summary>
    public IReadOnlyList<bool> Switch { get; } = [false, true];

    /// <summary>Each choice that <see cref="RmsNormConfig"/> makes for rows up to <see cref="LargestRow"/>.</summary>
    public IEnumerable<RmsNormConfig> NormConfigs => Enumerable.Range(1, LargestRow).Select(width => RmsNormConfig.For(width)).Distinct();

    /// <summary>Those for hidden sizes, which layer norms see; heads are normed by RMS norms.</summary>
    public IEnumerable<RmsNormConfig> LayerNormConfigs =>
        Enumerable.Range(SmallestLayerNorm, LargestRow - SmallestLayerNorm + 1).Select(width => RmsNormConfig.For(width)).Distinct();
}
