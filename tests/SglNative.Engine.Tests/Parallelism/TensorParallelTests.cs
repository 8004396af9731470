using System.Text.Json.Nodes;
using SglNative.Core;
using SglNative.Core.Checkpoints;
using SglNative.Core.Tensors;
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
        // Of a checkpoint that is not of this repository, more than its heads may not divide.
        var foreign = !model.Directory.StartsWith(TestFiles.Goldens, StringComparison.Ordinal);
        try
        {
            Compare(model, 2);
        }
        catch (SglException e) when (foreign && e.Message.Contains("does not divide by the tensor-parallel size 2: ", StringComparison.Ordinal))
        {
            Assert.Skip(e.Message);
        }
        catch (SglException e) when (!foreign)
        {
            Assert.Equal(RankSplit.Refusal(model.Directory, 2), e.Message);
            return;
        }
        Assert.True(foreign || RankSplit.Refusal(model.Directory, 2) is null, "its heads do not divide, and it was not refused");
    }

    /// <summary>Keys and values are held by several ranks, and a vocabulary of 96 leaves the last of four without a token.</summary>
    [Theory]
    [InlineData("wide_llama_gqa", 4)]
    [InlineData("wide_llama_gqa", 8)]
    [InlineData("wide_gemma_mqa", 4)]
    [InlineData("wide_qwen2_windows", 4)]
    [InlineData("wide_gpt_oss_mxfp4", 8)]
    [InlineData("wide_deepseek_v2", 4)]
    [InlineData("deepseek_v2", 4)]
    [InlineData("qwen3", 4)]
    public void More_ranks_are_the_reference_too(string id, int size) => Compare(GenerationModels.All.First(model => model.Id == id), size);

    /// <summary>No two ranks have the same number of tokens: 61 are 48 and 13, 32 and 29, or 16, 16, 16 and 13.</summary>
    [Theory]
    [InlineData("llama3")]
    [InlineData("llama32_tied")]
    public void A_vocabulary_that_does_not_divide_is_split_all_the_same(string golden)
    {
        const int tokens = 61;
        using var folder = new TemporaryFolder();
        CutVocabulary(TestFiles.Golden(golden), folder.Path, tokens);
        var args = TestEngine.Args(golden) with { ModelPath = folder.Path, ChunkedPrefillSize = 16 };
        int[][] prompts = [TestEngine.Prompt(40, 1, tokens), TestEngine.Prompt(7, 2, tokens)];
        using var whole = TestEngine.Load(args);
        var expected = LogitsCollector.Prefill(args, whole, prompts).Logits;
        Assert.All(expected.Values, logits => Assert.Equal(tokens, logits.Length));
        foreach (var size in (int[])[2, 4])
        {
            using var ranks = new CpuRanks(args, size);
            foreach (var (place, logits) in LogitsCollector.Prefill(args, ranks.Loaded, prompts).Logits)
                for (var i = 0; i < tokens; i++) Assert.Equal(expected[place][i], logits[i], 1e-4);
        }
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

    private static void CutVocabulary(string source, string target, int tokens)
    {
        var config = JsonNode.Parse(File.ReadAllText(Path.Combine(source, "config.json")))!;
        config["vocab_size"] = tokens;
        File.WriteAllText(Path.Combine(target, "config.json"), config.ToJsonString());
        using var checkpoint = Checkpoint.Open(source);
        var tensors = checkpoint.Tensors.Values.ToDictionary(tensor => tensor.Name, tensor =>
        {
            if (tensor.Name is not ("model.embed_tokens.weight" or "lm_head.weight")) return (tensor.DType, tensor.Shape, (ReadOnlyMemory<byte>)tensor.Bytes.ToArray());
            var shape = tensor.Shape.With(0, tokens);
            return (tensor.DType, shape, tensor.Bytes[..(int)(shape.Count * tensor.DType.Size())].ToArray());
        }, StringComparer.Ordinal);
        SafetensorsWriter.Save(Path.Combine(target, "model.safetensors"), tensors);
    }
}
