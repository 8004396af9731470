using System.Text.Json;
using SglNative.Core.Checkpoints;
using SglNative.Core.Tensors;

namespace SglNative.Cli.Tests.Bench;

/// <summary><c>sgl-native bench-one-batch</c>, mode by mode, on goldens and the demo model.</summary>
public sealed class BenchOneBatchTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Latencies_are_printed_and_appended_line_by_line()
    {
        var words = $"bench_one_batch --device cpu --batch-size 1 2 --input-len 8 --output-len 3 4 --run-name night --result-filename {_folder["r.jsonl"]}".Split(' ');
        var (code, output, error) = await TestProgram.RunAsync(words);
        Assert.True(code == 0, error);
        Assert.Equal(5, output.Split("Prefill. latency: ").Length - 1);
        Assert.Equal(0, (await TestProgram.RunAsync(words)).Code);
        var lines = File.ReadAllLines(_folder["r.jsonl"]);
        Assert.Equal(8, lines.Length);
        Assert.Equal(["1 8 3", "1 8 4", "2 8 3", "2 8 4"], lines.Take(4).Select(line =>
        {
            using var json = JsonDocument.Parse(line);
            Assert.Equal("night", json.RootElement.GetProperty("run_name").GetString());
            return $"{json.RootElement.GetProperty("batch_size")} {json.RootElement.GetProperty("input_len")} {json.RootElement.GetProperty("output_len")}";
        }));
    }

    [Fact]
    public async Task The_correctness_test_prints_the_three_prompts_and_their_answers()
    {
        var (code, output, error) = await TestProgram.RunAsync("bench-one-batch", "--correct", "--device", "cpu");
        Assert.True(code == 0, error);
        Assert.StartsWith("\ninput_ids=[[", output, StringComparison.Ordinal);
        Assert.Contains("\n\nprefill logits (first half): tensor([[", output, StringComparison.Ordinal);
        Assert.Contains("]]) \n\nprefill logits (final): tensor([[", output, StringComparison.Ordinal);
        Assert.Contains("========== Prompt 0 ==========\nThe capital of France is", output, StringComparison.Ordinal);
        Assert.Contains(" \n\n========== Prompt 1 ==========\nThe capital of the United Kindom is", output, StringComparison.Ordinal);
        Assert.Contains(" \n\n========== Prompt 2 ==========\nToday is a sunny day and I like", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Prompts_can_come_from_a_file()
    {
        File.WriteAllLines(_folder["prompts"], ["One two three four five", "Six seven eight nine ten eleven", "Twelve and so on and on"]);
        var (code, output, error) = await TestProgram.RunAsync("bench-one-batch", "--correct", "--device", "cpu", "--prompt-filename", _folder["prompts"], "--batch-size", "2", "--cut-len", "2", "--output-len", "3");
        Assert.True(code == 0, error);
        Assert.Contains("========== Prompt 1 ==========\nSix seven eight nine ten eleven", output, StringComparison.Ordinal);
        Assert.DoesNotContain("Prompt 2", output, StringComparison.Ordinal);
        (code, output, error) = await TestProgram.RunAsync("bench-one-batch", "--device", "cpu", "--prompt-filename", _folder["prompts"], "--batch-size", "5", "--output-len", "2", "--result-filename", "");
        Assert.True(code == 0, error);
        Assert.Contains("Decode 0. Batch size: 5,", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Logits_of_token_ids_are_written_and_compared()
    {
        var model = TestFiles.Golden("llama2");
        using var golden = SafetensorsFile.Open(Path.Combine(model, "golden.safetensors"));
        var ids = new long[19];
        Buffer.BlockCopy(golden["p0.input_ids"].Bytes.ToArray(), 0, ids, 0, 19 * 8);
        string[] words = ["bench-one-batch", "--model-path", model, "--device", "cpu", "--dtype", "float32", "--input-ids", string.Join(',', ids), "--output-logits", _folder["l.safetensors"]];
        Assert.Equal((0, $"Wrote {_folder["l.safetensors"]}\n"), await OkAsync(words));
        using (var all = SafetensorsFile.Open(_folder["l.safetensors"]))
        {
            Assert.Equal((new Shape(19, 256), DType.Float32), (all["p0.prefill_logits"].Shape, all["p0.prefill_logits"].DType));
            var (expected, actual) = (new float[19 * 256], new float[19 * 256]);
            Buffer.BlockCopy(golden["p0.prefill_logits"].Bytes.ToArray(), 0, expected, 0, expected.Length * 4);
            Buffer.BlockCopy(all["p0.prefill_logits"].Bytes.ToArray(), 0, actual, 0, actual.Length * 4);
            for (var i = 0; i < actual.Length; i++) Assert.Equal(expected[i], actual[i], 1e-3);
        }
        await OkAsync([.. words, "--positions", "-1,0,3"]);
        using (var some = SafetensorsFile.Open(_folder["l.safetensors"]))
        {
            Assert.Equal(new Shape(3, 256), some["p0.prefill_logits"].Shape);
            var positions = new long[3];
            Buffer.BlockCopy(some["p0.positions"].Bytes.ToArray(), 0, positions, 0, 24);
            Assert.Equal([0, 3, 18], positions);
        }
        var (code, output) = await OkAsync("bench-one-batch", "--model-path", model, "--device", "cpu", "--dtype", "float32", "--reference", _folder["l.safetensors"]);
        Assert.Equal(0, code);
        Assert.EndsWith("PASS\n", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_correctness_test_runs_on_token_ids_without_a_tokenizer_and_writes_logits()
    {
        var (_, output) = await OkAsync("bench-one-batch", "--model-path", TestFiles.Golden("llama2"), "--device", "cpu", "--correct", "--input-ids", "5,6,7,8,9", "--output-logits", _folder["l"]);
        Assert.Contains("input_ids=[[5, 6, 7, 8, 9]]", output, StringComparison.Ordinal);
        Assert.Contains("========== Prompt 0 ==========\n[5, 6, 7, 8, 9, ", output, StringComparison.Ordinal);
        using var file = SafetensorsFile.Open(_folder["l"]);
        Assert.Equal(new Shape(5, 256), file["p0.prefill_logits"].Shape);
    }

    [Fact]
    public async Task A_reference_of_another_model_fails_with_exit_code_1()
    {
        string[] words = ["bench-one-batch", "--model-path", TestFiles.Golden("llama_bias"), "--device", "cpu", "--dtype", "float32", "--reference", Path.Combine(TestFiles.Golden("llama2"), "golden.safetensors")];
        var (code, output, _) = await TestProgram.RunAsync(words);
        Assert.Equal(1, code);
        Assert.Contains("FAIL: prompt 0, prefill, position ", output, StringComparison.Ordinal);
        (code, output, _) = await TestProgram.RunAsync([.. words, "--tolerance", "1000"]);
        Assert.Equal(0, code);
        Assert.EndsWith("PASS\n", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_model_without_a_tokenizer_is_refused_before_its_weights_are_loaded()
    {
        var line = await TestProgram.RefusalAsync("bench-one-batch", "--model-path", TestFiles.Golden("llama2"), "--device", "cpu", "--correct");
        Assert.Contains("tokenizer", line, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("--input-ids 1,2", "--input-ids gives the prompt of --output-logits or of --correctness-test: give one of them, too")]
    [InlineData("--output-logits F", "--output-logits needs a prompt: give --input-ids 1,2,3, or --correctness-test for its prompts")]
    [InlineData("--positions 1", "--positions chooses what --output-logits writes; give that, too")]
    [InlineData("--tolerance 1", "--tolerance bounds what --reference compares; give that, too")]
    [InlineData("--reference F --input-ids 1", "--reference brings its own prompts: leave --input-ids out")]
    [InlineData("--reference F --prompt-filename P", "--reference brings its own prompts: leave --prompt-filename out")]
    [InlineData("--reference F --output-logits G", "--output-logits writes logits and --reference compares them: run one after the other")]
    [InlineData("--correct --input-ids 1,2 --prompt-filename P", "--input-ids and --prompt-filename both give the prompt: leave one out")]
    [InlineData("--reference /no/such/file", "--reference: no such file: /no/such/file")]
    [InlineData("--prompt-filename /no/such/file", "--prompt-filename: /no/such/file cannot be read: ")]
    [InlineData("--result-filename /no/such/folder/r", "--result-filename: /no/such/folder/r cannot be written: ")]
    [InlineData("--input-ids 1,x --output-logits F", "--input-ids")]
    [InlineData("--input-ids 1,-2 --output-logits F", "--input-ids")]
    [InlineData("--batch-size 0", "--batch-size")]
    [InlineData("--tolerance 0 --reference F", "--tolerance")]
    public async Task What_makes_no_sense_is_one_line(string words, string message) =>
        Assert.StartsWith(message, await TestProgram.RefusalAsync(["bench-one-batch", "--device", "cpu", .. words.Split(' ')]), StringComparison.Ordinal);

    private static async Task<(int Code, string Output)> OkAsync(params string[] words)
    {
        var (code, output, error) = await TestProgram.RunAsync(words);
        Assert.True(code == 0, error);
        return (code, output);
    }
}
