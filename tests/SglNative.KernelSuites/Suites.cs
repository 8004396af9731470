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
        new RmsNormSuite(),
        new RotarySuite(),
        new StoreKvSuite(),
        new AttentionSuite("attention/prefill.cu", AttentionCases.Prefills),
        new AttentionSuite("attention/decode.cu", AttentionCases.Decodes),
        new AttentionSuite("attention/combine.cu", AttentionCases.Splits),
        new AttentionSuite("attention/plain.cu", AttentionCases.Plain),
        new SampleSuite(),
        new LogProbsSuite(),
        new EditLogitsSuite(),
        new FillNormalSuite(),
    ];
}
