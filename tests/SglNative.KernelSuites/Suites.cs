using SglNative.Core.Tensors;

namespace SglNative.KernelSuites;

/// <summary>The suites there are. A test holds that no kernel file is without one.</summary>
public static class Suites
{
    /// <summary>All of them; a new kernel joins with one line.</summary>
    public static IReadOnlyList<KernelSuite> All { get; } =
    [
        new EmbeddingSuite(),
        new ElementwiseSuite(),
        new GatedActivationSuite(),
        new GatingSuite(),
        new GateSuite(),
        new RmsNormSuite(),
        new SplitRmsNormSuite(),
        new LayerNormSuite(),
        new RotarySuite(),
        new RotateAndStoreSuite(),
        new StoreKvSuite(),
        new StoreLatentSuite(),
        new AttentionSuite("attention/prefill.cu", AttentionCases.Prefills),
        new AttentionSuite("attention/decode.cu", AttentionCases.Decodes),
        new AttentionSuite("attention/combine.cu", AttentionCases.Splits),
        new AttentionSuite("attention/plain.cu", AttentionCases.Plain),
        new LatentSuite("latent/attention.cu", LatentCases.TensorCores),
        new LatentSuite("latent/plain.cu", LatentCases.Plain),
        new RoutingSuite("moe/route.cu", ("experts", routing => routing.Experts), ("weights", routing => routing.Weights)),
        new RoutingSuite("moe/sort_pairs.cu", ("pairs", routing => routing.Pairs), ("starts", routing => routing.Starts)),
        new ExpertsSuite("moe/experts.cu", few: false, (DType.BFloat16, DType.BFloat16), (DType.Float16, DType.Float16)),
        new ExpertsSuite("moe/few_experts.cu", few: true, (DType.BFloat16, DType.BFloat16), (DType.Float16, DType.Float16)),
        new ExpertsSuite("moe/plain_experts.cu", few: null, (DType.Float32, DType.Float32), (DType.Float32, DType.BFloat16)),
        new CombineExpertsSuite(),
        new ConvolutionSuite(),
        new DeltaGatesSuite(),
        new DeltaRuleSuite("recurrent/gated_delta_rule.cu", byChunks: false, ofState: false),
        new DeltaRuleSuite("recurrent/delta_chunks.cu", byChunks: true, ofState: false),
        new DeltaRuleSuite("recurrent/delta_scan.cu", byChunks: true, ofState: true),
        new SampleSuite(),
        new LogProbsSuite(),
        new EditLogitsSuite(),
        new FillNormalSuite(),
    ];
}
