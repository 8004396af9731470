using SglNative.Cpu;
using SglNative.Engine.Benchmarking;
using SglNative.Engine.Configuration;
using SglNative.Engine.Execution;
using SglNative.Engine.Loading;
using SglNative.Models.Registry;
using SglNative.Testing;

namespace SglNative.Engine.Tests.Goldens;

/// <summary>The checkpoints of <see cref="GenerationModels"/> on the CPU: all positions of the reference, prefill and decode.</summary>
public class GenerationModelTests
{
    public static TheoryData<string> Ids { get; } = [.. GenerationModels.Chosen.Select(model => model.Id)];

    [Fact]
    public void The_table_has_every_golden()
    {
        Assert.Equal(GenerationModels.All.Count, GenerationModels.All.DistinctBy(model => model.Id).Count());
        Assert.Equal(Directory.GetDirectories(TestFiles.Goldens).Select(Path.GetFileName).Order(), GenerationModels.All.Select(model => model.Id).Order());
    }

    [Theory]
    [MemberData(nameof(Ids))]
    public void Float32_is_the_reference_in_every_layout(string id)
    {
        var model = Find(id, DTypeChoice.Float32);
        foreach (var (pageSize, chunk) in model.Layouts)
        {
            var report = Compare(model, DTypeChoice.Float32, pageSize, chunk);
            Assert.True(report.Passed, $"pages of {pageSize}, chunks of {chunk}\n{Text(report)}");
            Assert.Equal(1e-3, report.Tolerance.MaxAbs);
            Assert.All(report.Parts, part => Assert.Equal(part.Differences.Count, part.SameTop));
        }
    }

    /// <summary>For a mixture of experts the near-ties that the comparison names must have been decided otherwise than in float32 indeed.</summary>
    [Theory]
    [MemberData(nameof(Ids))]
    public void Sixteen_bit_types_are_within_their_rounding(string id)
    {
        foreach (var dtype in (DTypeChoice[])[DTypeChoice.BFloat16, DTypeChoice.Float16])
        {
            var model = Find(id, dtype);
            var report = Compare(model, dtype, 16, 128);
            Assert.True(report.Passed, $"{dtype}\n{Text(report)}");
            Assert.Equal((model.MedianRms, model.WorstRms), (report.Tolerance.MedianRms, report.Tolerance.WorstRms));
            if (report.Excesses.Count == 0) continue;
            var flips = Flips(model, dtype, report.Tolerance.NearTie);
            foreach (var excess in report.Excesses)
                Assert.True(flips.Any(flip => flip.Prompt == excess.Prompt && flip.Position <= excess.Difference.Position),
                    $"{dtype}, {excess}, but float32 chooses the same\n{Text(report)}");
        }
    }

    [Fact]
    public void Prompts_one_by_one_are_the_reference_too()
    {
        var model = GenerationModels.All.First(model => model.Id == "wide_llama_gqa");
        Assert.True(Compare(model, DTypeChoice.Float32, 16, 128, batchSize: 1).Passed);
    }

    // Tokens that were near a tie in float32, and have other experts in another type.
    private static List<(int Prompt, int Position)> Flips(GenerationModel model, DTypeChoice dtype, double nearTie)
    {
        var (exact, rounded) = (Choices(model, DTypeChoice.Float32), Choices(model, dtype));
        Assert.Equal(exact.Count, rounded.Count);
        var deviations = exact.GroupBy(pair => pair.Key.Router).ToDictionary(router => router.Key, router => Math.Sqrt(router.Average(pair => pair.Value.Variance)));
        return [.. exact.Where(pair => pair.Value.Nearest() is { } tie && tie.Gap <= nearTie * deviations[pair.Key.Router] && !pair.Value.Experts.Order().SequenceEqual(rounded[pair.Key].Experts.Order()))
            .Select(pair => (pair.Key.Prompt, pair.Key.Position))];
    }

    private static Dictionary<(string Router, int Prompt, int Position), ExpertChoice> Choices(GenerationModel model, DTypeChoice dtype)
    {
        var args = Args(model, dtype, 16, -1);
        using var loaded = Load(args);
        using var reference = ReferenceFile.Open(model.Reference, loaded.Info.VocabSize);
        using var batch = new StaticBatch(args, loaded, [.. reference.Prompts.Select(prompt => (int[])[.. prompt.InputIds, .. prompt.GreedyIds.SkipLast(1)])], 0);
        var choices = new Dictionary<(string, int, int), ExpertChoice>();
        loaded.Model.Build.Observer = new RouterObserver(loaded.Model, batch, (router, prompt, position, choice) => choices.Add((router.Name, prompt, position), choice));
        batch.Compute();
        return choices;
    }

    private static GenerationModel Find(string id, DTypeChoice dtype)
    {
        var model = GenerationModels.Chosen.First(model => model.Id == id);
        Assert.SkipUnless(File.Exists(model.Reference), $"{model.Reference} is not here: scripts/reference_hf.py writes it");
        Assert.SkipUnless(model.DTypes.Contains(dtype), $"{id} is not run in {dtype}");
        return model;
    }

    private static ReferenceReport Compare(GenerationModel model, DTypeChoice dtype, int pageSize, int chunk, int? batchSize = null)
    {
        var args = Args(model, dtype, pageSize, chunk);
        using var loaded = Load(args);
        using var reference = ReferenceFile.Open(model.Reference, loaded.Info.VocabSize);
        var tolerance = NumericTolerance.For(loaded.Info.DType, routed: loaded.Model.Build.Routers.Count > 0);
        if (dtype != DTypeChoice.Float32) tolerance = tolerance with { MedianRms = model.MedianRms, WorstRms = model.WorstRms };
        return ReferenceComparison.Run(args, loaded, reference, tolerance, batchSize);
    }

    private static ServerArgs Args(GenerationModel model, DTypeChoice dtype, int pageSize, int chunk) => new()
    {
        ModelPath = model.Directory, SkipTokenizerInit = true, Device = DeviceChoice.Cpu, DType = dtype, MaxTotalTokens = 8192,
        PageSize = pageSize, ChunkedPrefillSize = chunk,
    };

    private static LoadedModel Load(ServerArgs args) =>
        ModelLoader.Load(args, args.ModelPath!, () => new CpuBackend(new CpuOptions { Threads = 2 }), ModelRegistry.Default.Copy());

    private static string Text(ReferenceReport report)
    {
        using var writer = new StringWriter();
        report.Write(writer);
        return writer.ToString();
    }
}
