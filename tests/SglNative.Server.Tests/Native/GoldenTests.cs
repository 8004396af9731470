using System.Numerics.Tensors;
using System.Runtime.InteropServices;
using System.Text.Json.Nodes;
using SglNative.Core.Checkpoints;
using SglNative.Engine.Configuration;
using SglNative.Server.Tests.Serving;
using SglNative.Testing;

namespace SglNative.Server.Tests.Native;

/// <summary>What comes over HTTP is what transformers computed: ids in, ids and log probabilities out.</summary>
public class GoldenTests
{
    [Theory]
    [InlineData("llama3")]
    [InlineData("qwen3")]
    public async Task Ids_and_log_probabilities_are_the_references(string name)
    {
        await using var server = await TestServer.StartAsync(new()
        {
            ModelPath = TestFiles.Golden(name), Port = 0, Device = DeviceChoice.Cpu, DType = DTypeChoice.Float32, SkipTokenizerInit = true, SkipServerWarmup = true,
        });
        using var api = new Api(server.Address);
        using var golden = SafetensorsFile.Open(Path.Combine(TestFiles.Golden(name), "golden.safetensors"));
        for (var p = 0; p < 2; p++)
        {
            var prompt = Longs(golden, $"p{p}.input_ids");
            var greedy = Longs(golden, $"p{p}.greedy_ids");
            var (prefill, decode) = (Floats(golden, $"p{p}.prefill_logits"), Floats(golden, $"p{p}.decode_logits"));
            var answer = await api.PostAsync("generate", $$"""
                {"input_ids":[{{string.Join(',', prompt)}}],"return_logprob":true,"logprob_start_len":0,"top_logprobs_num":2,
                 "sampling_params":{"temperature":0,"max_new_tokens":{{greedy.Length}},"ignore_eos":true} }
                """);
            Assert.Equal("", answer["text"]!.GetValue<string>());
            Assert.Equal(greedy, answer["output_ids"]!.AsArray().Select(id => id!.GetValue<long>()));
            var info = answer["meta_info"]!;
            var vocabulary = prefill.Length / prompt.Length;
            AssertTokens(info["input_token_logprobs"]!, info["input_top_logprobs"]!, prompt, 1, prefill, vocabulary);
            AssertTokens(info["output_token_logprobs"]!, info["output_top_logprobs"]!, greedy, 0, decode, vocabulary);
        }
    }

    private static void AssertTokens(JsonNode tokens, JsonNode top, long[] expected, int first, ReadOnlySpan<float> logits, int vocabulary)
    {
        Assert.Equal(expected.Length, tokens.AsArray().Count);
        Assert.Equal(expected.Length, top.AsArray().Count);
        for (var i = first; i < expected.Length; i++)
        {
            var row = LogSoftmax(logits.Slice((i - first) * vocabulary, vocabulary));
            Assert.Equal(expected[i], tokens[i]![1]!.GetValue<long>());
            Assert.Equal(row[expected[i]], tokens[i]![0]!.GetValue<float>(), 1e-3);
            Assert.Equal(row.Max(), top[i]![0]![0]!.GetValue<float>(), 1e-3);
            Assert.Equal(2, top[i]!.AsArray().Count);
        }
    }

    private static double[] LogSoftmax(ReadOnlySpan<float> logits)
    {
        var max = TensorPrimitives.Max(logits);
        var sum = 0.0;
        foreach (var logit in logits) sum += Math.Exp(logit - max);
        var result = new double[logits.Length];
        for (var i = 0; i < result.Length; i++) result[i] = logits[i] - max - Math.Log(sum);
        return result;
    }

    private static long[] Longs(SafetensorsFile file, string name) => MemoryMarshal.Cast<byte, long>(file[name].Bytes).ToArray();

    private static float[] Floats(SafetensorsFile file, string name) => MemoryMarshal.Cast<byte, float>(file[name].Bytes).ToArray();
}
