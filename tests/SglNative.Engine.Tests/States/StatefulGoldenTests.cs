using SglNative.Engine.Configuration;

namespace SglNative.Engine.Tests.States;

/// <summary>Latent attention, gated DeltaNet and short convolutions against transformers: all prefill positions and decode steps.</summary>
public class StatefulGoldenTests
{
    // Pages and chunks: whole prompts, pieces that fit neither pages nor tiles, and pieces shorter than a convolution.
    private static readonly (int PageSize, int Chunk)[] Layouts = [(1, -1), (16, 128), (64, 37), (16, 2)];

    public static TheoryData<string> Names { get; } =
    [
        "deepseek_v2", "deepseek_v2_lite", "deepseek_v3", "qwen3_next", "lfm2", "wide_deepseek_v2", "wide_deepseek_v3_yarn", "wide_deepseek_v3_halves",
        "wide_deepseek_v3_fp8", "wide_qwen3_next", "wide_qwen3_next_128", "wide_lfm2", "wide_lfm2_bias",
    ];

    [Theory]
    [MemberData(nameof(Names))]
    public void Float32_is_the_reference_in_every_layout(string name)
    {
        foreach (var (pageSize, chunk) in Layouts)
        {
            // Two tokens at a time are many steps: the short prompts of the small goldens are enough for that.
            if (chunk == 2 && name.StartsWith("wide_", StringComparison.Ordinal)) continue;
            var report = StatefulModels.Compare(StatefulModels.Args(name) with { PageSize = pageSize, ChunkedPrefillSize = chunk });
            Assert.True(report.Passed, $"pages of {pageSize}, chunks of {chunk}\n{StatefulModels.Text(report)}");
            Assert.Equal(1e-3, report.Tolerance.MaxAbs);
        }
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Sixteen_bit_types_are_within_their_rounding(string name)
    {
        foreach (var dtype in new[] { DTypeChoice.BFloat16, DTypeChoice.Float16 })
        {
            var report = StatefulModels.Compare(StatefulModels.Args(name) with { DType = dtype });
            Assert.True(report.Passed, $"{dtype}\n{StatefulModels.Text(report)}");
        }
    }
}
