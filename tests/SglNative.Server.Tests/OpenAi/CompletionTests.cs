using System.Text.Json.Nodes;
using SglNative.Server.Tests.Serving;

namespace SglNative.Server.Tests.OpenAi;

public class CompletionTests(DemoServer demo)
{
    private const string Path = "v1/completions";

    [Fact]
    public async Task The_answer_has_the_shape_of_OpenAIs()
    {
        var answer = (await demo.Api.PostAsync(Path, """{"prompt":"Once upon a time","model":"x","ignore_eos":true}""")).AsObject();
        Assert.Equal(["id", "object", "created", "model", "choices", "usage"], answer.Select(member => member.Key));
        Assert.StartsWith("cmpl-", answer["id"]!.GetValue<string>(), StringComparison.Ordinal);
        Assert.Equal("text_completion", answer["object"]!.GetValue<string>());
        var choice = Assert.Single(answer["choices"]!.AsArray())!.AsObject();
        Assert.Equal(["index", "text", "logprobs", "finish_reason", "matched_stop"], choice.Select(member => member.Key));
        // OpenAI's default is 16 tokens.
        Assert.Equal(16, answer["usage"]!["completion_tokens"]!.GetValue<int>());
        Assert.Equal("length", choice["finish_reason"]!.GetValue<string>());
    }

    [Fact]
    public async Task Prompts_may_be_texts_ids_and_lists_of_either()
    {
        var ids = demo.Server.Engine.Tokenizer!.EncodeToIds("Once upon a time");
        var other = demo.Server.Engine.Tokenizer.EncodeToIds("My name is");
        var list = $"[{string.Join(',', ids)}]";
        var expected = Texts(await Complete("\"Once upon a time\""))[0];
        var second = Texts(await Complete("\"My name is\""))[0];
        Assert.Equal([expected], Texts(await Complete(list)));
        Assert.Equal([expected, second], Texts(await Complete("[\"Once upon a time\",\"My name is\"]")));
        var both = await Complete($"[{list},[{string.Join(',', other)}]]");
        Assert.Equal([expected, second], Texts(both));
        Assert.Equal(ids.Length + other.Length, both["usage"]!["prompt_tokens"]!.GetValue<int>());
    }

    [Fact]
    public async Task Several_outputs_of_several_prompts_are_numbered_by_prompt()
    {
        const string body = """{"prompt":["Once","My name is"],"n":2,"echo":true,"max_tokens":4,"temperature":0,"ignore_eos":true""";
        var answer = await demo.Api.PostAsync(Path, body + "}");
        var texts = Texts(answer);
        Assert.Equal(4, texts.Length);
        Assert.All(texts[..2], text => Assert.StartsWith("Once", text, StringComparison.Ordinal));
        Assert.All(texts[2..], text => Assert.StartsWith("My name is", text, StringComparison.Ordinal));
        var count = demo.Server.Engine.Tokenizer!.EncodeToIds("Once").Length + demo.Server.Engine.Tokenizer.EncodeToIds("My name is").Length;
        Assert.Equal(count, answer["usage"]!["prompt_tokens"]!.GetValue<int>());
        Assert.Equal(16, answer["usage"]!["completion_tokens"]!.GetValue<int>());
        var events = await demo.Api.StreamAsync(Path, body + ",\"stream\":true,\"stream_options\":{\"include_usage\":true}}");
        for (var i = 0; i < 4; i++)
            Assert.Equal(texts[i], string.Concat(events.SelectMany(e => e["choices"]!.AsArray()).Where(c => c!["index"]!.GetValue<int>() == i).Select(c => c!["text"]!.GetValue<string>())));
        Assert.Equal(answer["usage"]!.ToJsonString(), events[^1]["usage"]!.ToJsonString());
    }

    [Fact]
    public async Task Echo_with_log_probabilities_scores_the_prompt()
    {
        var answer = await demo.Api.PostAsync(Path, """{"prompt":"Once upon a time","echo":true,"logprobs":2,"max_tokens":3,"temperature":0}""");
        var logProbs = answer["choices"]![0]!["logprobs"]!.AsObject();
        Assert.Equal(["tokens", "token_logprobs", "top_logprobs", "text_offset"], logProbs.Select(member => member.Key));
        var tokens = logProbs["tokens"]!.AsArray().Select(token => token!.GetValue<string>()).ToArray();
        var count = demo.Server.Engine.Tokenizer!.EncodeToIds("Once upon a time").Length + 3;
        Assert.All(logProbs, member => Assert.Equal(count, member.Value!.AsArray().Count));
        Assert.Equal(Texts(answer)[0], string.Concat(tokens));
        Assert.Null(logProbs["token_logprobs"]![0]);
        Assert.All(logProbs["token_logprobs"]!.AsArray().Skip(1), value => Assert.True(value!.GetValue<float>() <= 0));
        Assert.Null(logProbs["top_logprobs"]![0]);
        var offset = 0;
        for (var i = 0; i < count; offset += tokens[i++].Length) Assert.Equal(offset, logProbs["text_offset"]![i]!.GetValue<int>());
    }

    private Task<JsonNode> Complete(string prompt) => demo.Api.PostAsync(Path, $$"""{"prompt":{{prompt}},"temperature":0,"max_tokens":6}""");

    private static string[] Texts(JsonNode answer) => [.. answer["choices"]!.AsArray().Select(choice => choice!["text"]!.GetValue<string>())];
}
