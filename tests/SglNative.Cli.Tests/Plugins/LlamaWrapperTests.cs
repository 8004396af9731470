using System.Globalization;
using System.Net.Http.Json;
using System.Runtime.Loader;
using System.Text.Json.Nodes;
using Microsoft.Extensions.Logging.Abstractions;
using SglNative.Core.Checkpoints;
using SglNative.Engine.Benchmarking;
using SglNative.Engine.Configuration;
using SglNative.Models.Registry;
using SglNative.Models.Weights;
using SglNative.Server;
using SglNative.Testing;

namespace SglNative.Cli.Tests.Plugins;

/// <summary>The sample that wraps Llama, over HTTP, in each way in which it can come: the same logits, which are those of the reference, changed.</summary>
public sealed class LlamaWrapperTests : IDisposable
{
    private const string Variable = "SGLANG_EXTERNAL_MODEL_PACKAGE";

    private readonly TemporaryStore _store = new();

    public void Dispose() => _store.Dispose();

    [Fact]
    public async Task Installed_named_and_registered_in_code_give_equal_logits()
    {
        var assembly = SamplePlugins.Assembly("LlamaWrapper");
        CompiledPlugin.Pack(_store.Feed, "LlamaWrapper", "0.1.0", [assembly]);
        await _store.InstallAsync("LlamaWrapper");
        var installed = await AskAsync(Args with { PluginDir = _store.Directory }, ModelRegistry.CreateBuiltIn());

        string named;
        Environment.SetEnvironmentVariable(Variable, assembly);
        try
        {
            named = await AskAsync(Args, ModelRegistry.CreateBuiltIn());
        }
        finally
        {
            Environment.SetEnvironmentVariable(Variable, null);
        }

        var registry = ModelRegistry.CreateBuiltIn();
        registry.Register(new AssemblyLoadContext("in code").LoadFromAssemblyPath(assembly));
        var inCode = await AskAsync(Args, registry);

        Assert.Equal(installed, named);
        Assert.Equal(installed, inCode);
        AssertIsTheReferenceChanged(JsonNode.Parse(installed)!["meta_info"]!["input_token_logprobs"]!.AsArray());
    }

    private static ServerArgs Args => new()
    {
        ModelPath = TestFiles.Golden("llama2"),
        JsonModelOverrideArgs = """{"architectures":["LlamaWrapper"]}""",
        Device = DeviceChoice.Cpu,
        DType = DTypeChoice.Float32,
        SkipTokenizerInit = true,
        Port = 0,
    };

    private static async Task<string> AskAsync(ServerArgs args, ModelRegistry registry)
    {
        await using var server = await SglNativeServer.StartAsync(args, registry, loggers: NullLoggerFactory.Instance);
        Assert.Equal("LlamaWrapper", server.Engine.Model.ClassName);
        using var client = new HttpClient { BaseAddress = server.Address };
        using var reference = Reference();
        using var response = await client.PostAsJsonAsync("generate", new
        {
            rid = "same",
            input_ids = reference.Prompts[0].InputIds,
            sampling_params = new { temperature = 0, max_new_tokens = 4 },
            return_logprob = true,
            logprob_start_len = 0,
            top_logprobs_num = 5,
        });
        var answer = JsonNode.Parse(await response.Content.ReadAsStringAsync())!.AsObject();
        Assert.True(response.IsSuccessStatusCode, answer.ToJsonString());
        var meta = answer["meta_info"]!.AsObject();
        // How long it took is not the same from run to run.
        foreach (var time in meta.Where(one => one.Key.Contains("latency", StringComparison.Ordinal) || one.Key.Contains("time", StringComparison.Ordinal) || one.Key == "id").Select(one => one.Key).ToArray()) meta.Remove(time);
        return answer.ToJsonString();
    }

    private static ReferenceFile Reference() => ReferenceFile.Open(Path.Combine(TestFiles.Golden("llama2"), "golden.safetensors"), 256);

    // log softmax of sqrt(x) where x > 0, from the logits that transformers computed for Llama.
    private static void AssertIsTheReferenceChanged(JsonArray logProbs)
    {
        using var reference = Reference();
        var prompt = reference.Prompts[0];
        var logits = Floats(prompt.PrefillLogits);
        for (var i = 1; i < prompt.InputIds.Length; i++)
        {
            var row = logits.AsSpan((i - 1) * 256, 256).ToArray().Select(x => x > 0 ? Math.Sqrt(x) : x).ToArray();
            var expected = row[prompt.InputIds[i]] - Math.Log(row.Sum(Math.Exp));
            var actual = double.Parse(logProbs[i]![0]!.ToJsonString(), CultureInfo.InvariantCulture);
            Assert.InRange(actual, expected - 2e-3, expected + 2e-3);
        }
    }

    private static float[] Floats(CheckpointTensor tensor)
    {
        var floats = new float[tensor.Shape.Count];
        HostConversion.ToFloats(tensor.Bytes, tensor.DType, floats);
        return floats;
    }
}
