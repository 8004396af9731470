using SglNative.Engine.Benchmarking;
using SglNative.Engine.Configuration;
using SglNative.Engine.Tests.Goldens;

namespace SglNative.Engine.Tests.Parallelism;

/// <summary>
/// Weights that are split over ranks give what they give on one device: every golden against transformers' logits, prompts in chunks and
/// greedy tokens one by one. Sums over ranks have another order than those of one device, so bits differ; the tolerance does not.
/// </summary>
public class TensorParallelTests
{
    public static TheoryData<string> Ids { get; } = [.. GenerationModels.Chosen.Select(model => model.Id)];

    [Theory]
    [MemberData(nameof(Ids))]
    public void Two_ranks_are_the_reference(string id)
    {
        var model = GenerationModels.Chosen.First(model => model.Id == id);
        Assert.SkipUnless(File.Exists(model.Reference), $"{model.Reference} is not here");
        Compare(model, 2);
    }

    private static void Compare(GenerationModel model, int size)
    {
        var args = TestEngine.Args(model.Id) with { ModelPath = model.Directory, PageSize = 16, ChunkedPrefillSize = 128 };
        using var ranks = new CpuRanks(args, size);
        Assert.Equal(size, ranks.Loaded.RankCount);
        using var reference = ReferenceFile.Open(model.Reference, ranks.Loaded.Info.VocabSize);
        var report = ReferenceComparison.Run(args, ranks.Loaded, reference);
        using var text = new StringWriter();
        report.Write(text);
        Assert.True(report.Passed, text.ToString());
        Assert.Equal(1e-3, report.Tolerance.MaxAbs);
    }
}
