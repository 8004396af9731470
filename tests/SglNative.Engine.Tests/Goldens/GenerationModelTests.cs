using SglNative.Cpu;
using SglNative.Engine.Benchmarking;
using SglNative.Engine.Configuration;
using SglNative.Engine.Loading;
using SglNative.Models.Registry;
using SglNative.Testing;

namespace SglNative.Engine.Tests.Goldens;

/// <summary>The checkpoints of <see cref="GenerationModels"/> on the CPU: all positions of the reference, prefill and decode.</summary>
public class GenerationModelTests
{
    // Pages and chunks: whole prompts, and pieces that fit neither pages nor tiles nor windows.
    private static readonly (int PageSize, int Chunk)[] Layouts = [(1, -1), (16, 128), (64, 37)];

    // Of the standard deviation of a token's router logits; rounding moves them by about a hundredth of it.
    private const double NearTie = 0.05;

    private const double MostExcesses = 0.05;

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
        foreach (var (pageSize, chunk) in Layouts)
        {
            var report = Compare(model, DTypeChoice.Float32, pageSize, chunk);
            Assert.True(report.Passed, $"pages of {pageSize}, chunks of {chunk}\n{Text(report)}");
            Assert.Equal(1e-3, report.Tolerance.MaxAbs);
        }
    }

    /// <summary>
    /// For a mixture of experts an excess is a token that a rounded router sent elsewhere, or one that sees such a token: few positions,
    /// and each choice that differs from the exact one's must have been a near-tie.
    /// </summary>
    [Theory]
    [MemberData(nameof(Ids))]
    public void Sixteen_bit_types_are_within_their_rounding(string id)
    {
        foreach (var dtype in (DTypeChoice[])[DTypeChoice.BFloat16, DTypeChoice.Float16])
        {
            var model = Find(id, dtype);
            var report = Compare(model, dtype, 16, 128);
            Assert.True(report.MedianRms <= model.MedianRms, $"{dtype}\n{Text(report)}");
            var excesses = report.Parts.SelectMany(part => part.Differences.Where(d => d.RelativeRms > model.WorstRms).Select(d => (part.Prompt, d.Position))).ToArray();
            if (excesses.Length == 0) continue;
            Assert.True(excesses.Length <= MostExcesses * report.Parts.Sum(part => part.Differences.Count), $"{dtype}\n{Text(report)}");
            var flips = Flips(model, dtype);
            foreach (var (prompt, position) in excesses)
                Assert.True(flips.Any(flip => flip.Prompt == prompt && flip.Position <= position && flip.Distance <= NearTie),
                    $"{dtype}, prompt {prompt}, position {position}: no router was near a tie; choices that differ: {string.Join("; ", flips)}\n{Text(report)}");
        }
    }

    private static (string Router, int Prompt, int Position, double Distance)[] Flips(GenerationModel model, DTypeChoice dtype)
    {
        var (exactArgs, roundedArgs) = (Args(model, DTypeChoice.Float32, 16, -1), Args(model, dtype, 16, -1));
        using var exact = Load(exactArgs);
        using var rounded = Load(roundedArgs);
        if (exact.Config.Text.FindInt("num_experts_per_tok") is not { } topK) return [];
        using var reference = ReferenceFile.Open(model.Reference, exact.Info.VocabSize);
        return [.. RouterChoices.Of(exactArgs, exact, reference).Flips(RouterChoices.Of(roundedArgs, rounded, reference), topK)];
    }

    private static GenerationModel Find(string id, DTypeChoice dtype)
    {
        var model = GenerationModels.Chosen.First(model => model.Id == id);
        Assert.SkipUnless(File.Exists(model.Reference), $"{model.Reference} is not here: scripts/reference_hf.py writes it");
        Assert.SkipUnless(model.DTypes.Contains(dtype), $"{id} is not run in {dtype}");
        return model;
    }

    private static ReferenceReport Compare(GenerationModel model, DTypeChoice dtype, int pageSize, int chunk)
    {
        var args = Args(model, dtype, pageSize, chunk);
        using var loaded = Load(args);
        using var reference = ReferenceFile.Open(model.Reference, loaded.Info.VocabSize);
        return ReferenceComparison.Run(args, loaded, reference);
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
