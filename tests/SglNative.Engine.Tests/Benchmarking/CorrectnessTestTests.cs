using SglNative.Core;
using SglNative.Core.Checkpoints;
using SglNative.Engine.Benchmarking;

namespace SglNative.Engine.Tests.Benchmarking;

public class CorrectnessTestTests
{
    [Fact]
    public void The_golden_logits_and_ids_are_printed_as_SGLang_prints_them()
    {
        var args = TestEngine.Args("llama2");
        using var loaded = TestEngine.Load(args);
        using var golden = SafetensorsFile.Open(Path.Combine(args.ModelPath!, "golden.safetensors"));
        int[][] prompts = [TensorRows.ReadIntegers(golden["p0.input_ids"]), TensorRows.ReadIntegers(golden["p1.input_ids"])];
        using var output = new StringWriter();
        CorrectnessTest.Run(args, loaded, prompts, 4, 8, CorrectnessTest.Ids, output);

        // The same logits as the golden's but for rounding, which print as they are.
        var logits = LogitsCollector.Prefill(args, loaded, prompts).Logits;
        string Answer(int i) => CorrectnessTest.Ids([.. prompts[i], .. TensorRows.ReadIntegers(golden[$"p{i}.greedy_ids"])]);
        Assert.Equal($"\ninput_ids=[{CorrectnessTest.Ids(prompts[0])}, {CorrectnessTest.Ids(prompts[1])}]\n\n"
            + $"prefill logits (first half): {TorchTensorText.Write([logits[(0, 3)], logits[(1, 3)]])} \n\n"
            + $"prefill logits (final): {TorchTensorText.Write([logits[(0, 18)], logits[(1, 5)]])} \n\n"
            + $"========== Prompt 0 ==========\n{Answer(0)} \n\n========== Prompt 1 ==========\n{Answer(1)} \n\n", output.ToString());
    }

    [Fact]
    public void A_prompt_must_be_longer_than_the_cut()
    {
        var args = TestEngine.Args("llama2");
        using var loaded = TestEngine.Load(args);
        var e = Assert.Throws<SglException>(() => CorrectnessTest.Run(args, loaded, [[3, 4, 5, 6, 7], [3, 4, 5, 6]], 4, 8, CorrectnessTest.Ids, TextWriter.Null));
        Assert.Equal("prompt 1 has 4 tokens, expected more than --cut-len 4", e.Message);
    }

    [Theory]
    [InlineData(8192)]
    [InlineData(6)]
    [InlineData(18)]
    public void Exported_logits_are_a_reference_that_passes(int chunk)
    {
        using var folder = new TemporaryFolder();
        var args = TestEngine.Args("llama3") with { ChunkedPrefillSize = chunk };
        using var loaded = TestEngine.Load(args);
        int[][] prompts = [TestEngine.Prompt(19, 1), TestEngine.Prompt(1, 2), TestEngine.Prompt(7, 3)];
        LogitsExport.Run(args, loaded, folder["all"], prompts, [], TestContext.Current.CancellationToken);
        LogitsExport.Run(args, loaded, folder["some"], prompts, [-1, 0], TestContext.Current.CancellationToken);
        foreach (var (name, positions) in new[] { ("all", new[] { 19, 1, 7 }), ("some", [2, 1, 2]) })
        {
            using var reference = ReferenceFile.Open(folder[name], loaded.Info.VocabSize);
            Assert.Equal(positions, reference.Prompts.Select(prompt => prompt.Positions.Length));
            var report = ReferenceComparison.Run(args, loaded, reference, bound: 1e-30);
            Assert.True(report.Passed);
            Assert.Equal(positions.Sum(), report.Parts.Sum(part => part.Differences.Count));
        }
        var e = Assert.Throws<SglException>(() => LogitsExport.Run(args, loaded, folder["x"], prompts, [1], TestContext.Current.CancellationToken));
        Assert.Equal("--positions holds 1, but prompt 1 has 1 tokens: expected -1 to 0", e.Message);
        Assert.Equal(2, Directory.GetFiles(folder.Path).Length);
    }
}
