using SglNative.Engine.Benchmarking;
using SglNative.Engine.Configuration;

namespace SglNative.Engine.Tests.Goldens;

/// <summary>Every golden on the CPU: all prefill positions and decode steps, teacher-forced, as transformers computes them in float32.</summary>
public class GoldenTests
{
    // Pages and chunks: whole prompts, and pieces that fit neither pages nor tiles nor windows.
    private static readonly (int PageSize, int Chunk)[] Layouts = [(1, -1), (16, 128), (64, 37)];

    public static TheoryData<string> Names { get; } = [.. Directory.GetDirectories(TestFiles.Goldens).Select(folder => Path.GetFileName(folder)!).Order()];

    [Fact]
    public void All_goldens_are_there() => Assert.True(Names.Count >= 25, $"{TestFiles.Goldens} holds {Names.Count} folders");

    [Theory]
    [MemberData(nameof(Names))]
    public void Float32_is_the_reference_in_every_layout(string name)
    {
        foreach (var (pageSize, chunk) in Layouts)
        {
            var report = Compare(TestEngine.Args(name) with { PageSize = pageSize, ChunkedPrefillSize = chunk });
            Assert.True(report.Passed, $"pages of {pageSize}, chunks of {chunk}\n{Text(report)}");
            Assert.Equal(1e-3, report.Tolerance.MaxAbs);
            Assert.Equal(report.Parts.Count, report.Parts.Count(part => part.SameTop == part.Differences.Count));
        }
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Sixteen_bit_types_are_within_their_rounding(string name)
    {
        foreach (var dtype in new[] { DTypeChoice.BFloat16, DTypeChoice.Float16 })
        {
            var report = Compare(TestEngine.Args(name) with { DType = dtype });
            Assert.True(report.Passed, $"{dtype}\n{Text(report)}");
            Assert.Equal((0.02, 0.05), (report.Tolerance.MedianRms, report.Tolerance.WorstRms));
        }
    }

    [Fact]
    public void Prompts_one_by_one_are_the_reference_too() =>
        Assert.True(Compare(TestEngine.Args("wide_llama_gqa"), batchSize: 1).Passed);

    private static ReferenceReport Compare(ServerArgs args, int? batchSize = null)
    {
        using var loaded = TestEngine.Load(args);
        using var reference = ReferenceFile.Open(Path.Combine(args.ModelPath!, "golden.safetensors"), loaded.Info.VocabSize);
        return ReferenceComparison.Run(args, loaded, reference, batchSize);
    }

    private static string Text(ReferenceReport report)
    {
        using var writer = new StringWriter();
        report.Write(writer);
        return writer.ToString();
    }
}
