using SglNative.Cli.Commands;
using SglNative.Cli.Tests.Serving;

namespace SglNative.Cli.Tests.Plugins;

/// <summary>Whatever a plugin's code throws ends as one line that names it, the cause and the place; never as a stack trace.</summary>
public sealed class PluginFaultTests : IDisposable
{
    private const string Forward = "public override Tensor Forward(SglNative.Models.Batches.ForwardBatch batch, Tensor hidden) => throw new System.InvalidOperationException(\"no\\nluck\");";
    private const string Refused = @"Model (Faulty 1.0.0) failed: InvalidOperationException: no\u000aluck (Made.Model";

    private readonly TemporaryStore _store = new();

    public void Dispose() => _store.Dispose();

    [Theory]
    [InlineData(Forward, "Forward")]
    [InlineData("public override Tensor Embed(SglNative.Models.Batches.ForwardBatch batch) => throw new System.InvalidOperationException(\"no\\nluck\");", "Embed")]
    [InlineData("public override Tensor ComputeLogits(Tensor hidden) => throw new System.InvalidOperationException(\"no\\nluck\");", "ComputeLogits")]
    public async Task A_step_that_throws_at_the_warm_up_refuses_the_start(string member, string place)
    {
        Assert.Equal($@"the warm-up request failed, so nothing is served: Model (Faulty 1.0.0): InvalidOperationException: no\u000aluck (Made.Model.{place}); --skip-server-warmup serves without it",
            await RefusalAsync(["serve", "--port", "0", .. Flags(member)]));
    }

    [Theory]
    [InlineData("public override SglNative.Models.Weights.WeightMap WeightMap => throw new System.InvalidOperationException(\"no\\nluck\");")]
    [InlineData("public override SglNative.Models.Weights.WeightMap WeightMap => base.WeightMap.Convert(\"model.norm.weight\", weights => throw new System.InvalidOperationException(\"no\\nluck\"));")]
    [InlineData("public override int VocabSize => throw new System.InvalidOperationException(\"no\\nluck\");")]
    [InlineData("public override string? ChatTemplate => throw new System.InvalidOperationException(\"no\\nluck\");")]
    public async Task Loading_says_what_threw(string member) =>
        Assert.StartsWith(Refused, await RefusalAsync(["serve", "--port", "0", .. Flags(member)]), StringComparison.Ordinal);

    [Theory]
    [InlineData("public override SglNative.Models.Weights.WeightMap WeightMap => throw new System.InvalidOperationException(\"no\\nluck\");")]
    [InlineData("public override SglNative.Models.Weights.WeightMap WeightMap => base.WeightMap.Drop(null!);")]
    public async Task So_does_a_check(string member) =>
        Assert.StartsWith("Model (Faulty 1.0.0) failed: ", await RefusalAsync(["models", "check", .. Flags(member)]), StringComparison.Ordinal);

    [Fact]
    public async Task So_do_benchmarks_and_comparisons()
    {
        Assert.Equal($"{Refused}.Forward)", await RefusalAsync(["bench-one-batch", "--batch-size", "1", "--input-len", "4", "--output-len", "2", .. Flags(Forward)]));

        var plugin = Plugin(Forward).Replace("FaultyForCausalLM", "LlamaForCausalLM", StringComparison.Ordinal);
        Assert.Equal($"{Refused.Replace("Faulty", "Verified", StringComparison.Ordinal)}.Forward)", await RefusalAsync("plugin", "verify", CompiledPlugin.Compile(_store.Root, "Verified", plugin), "--model-path", TestFiles.Golden("llama2"),
            "--reference", Path.Combine(TestFiles.Golden("llama2"), "golden.safetensors"), "--device", "cpu", "--plugin-dir", _store.Directory));
    }

    [Fact]
    public async Task A_server_with_a_plugin_that_throws_for_one_request_goes_on_and_its_log_has_one_line()
    {
        var member = """
            public override Tensor Forward(SglNative.Models.Batches.ForwardBatch batch, Tensor hidden) =>
                batch.TokenCount == 3 ? throw new System.InvalidOperationException("three tokens") : base.Forward(batch, hidden);
            """;
        await using var server = await ServeProcess.ReadyAsync(Flags(member));
        using var client = new HttpClient { BaseAddress = server.Address };
        Assert.Equal(500, await AskAsync("[5,6,7]"));
        Assert.Equal(200, await AskAsync("[5,6,7,8]"));
        var lines = server.Error.Split('\n').Where(line => line.Contains("three tokens", StringComparison.Ordinal)).ToArray();
        Assert.Contains("ERROR: Model (Faulty 1.0.0) failed request ", Assert.Single(lines), StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", server.Error, StringComparison.Ordinal);

        async Task<int> AskAsync(string ids)
        {
            using var body = new StringContent($$"""{"sampling_params":{"max_new_tokens":2},"input_ids":{{ids}} }""", System.Text.Encoding.UTF8, "application/json");
            using var response = await client.PostAsync(new Uri("generate", UriKind.Relative), body);
            return (int)response.StatusCode;
        }
    }

    // The last line, after those that tell of the loading.
    private static async Task<string> RefusalAsync(params string[] words)
    {
        var (code, output, error) = await TestProgram.RunAsync(words);
        Assert.True(code == ExitCode.UserError, $"{code}: {output}{error}");
        Assert.DoesNotContain("   at ", error, StringComparison.Ordinal);
        var last = error.TrimEnd().Split('\n')[^1];
        Assert.StartsWith("error: ", last, StringComparison.Ordinal);
        return last["error: ".Length..];
    }

    private static string Plugin(string member) => CompiledPlugin.Llama("FaultyForCausalLM").Replace("base(config, root) {  }", $"base(config, root) {{ }} {member}", StringComparison.Ordinal);

    private string[] Flags(string member) =>
    [
        "--model-path", TestFiles.Golden("llama2"), "--skip-tokenizer-init", "--device", "cpu", "--external-model-package", CompiledPlugin.Compile(_store.Root, "Faulty", Plugin(member)),
        "--json-model-override-args", """{"architectures":["FaultyForCausalLM"]}""",
    ];
}
