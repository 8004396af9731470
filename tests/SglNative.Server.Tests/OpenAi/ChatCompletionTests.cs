using System.Text.Json.Nodes;
using SglNative.Server.Tests.Serving;

namespace SglNative.Server.Tests.OpenAi;

public class ChatCompletionTests(DemoServer demo)
{
    private const string Path = "v1/chat/completions";
    private const string Hello = """{"role":"user","content":"Hello!"}""";

    [Fact]
    public async Task The_answer_has_the_shape_of_OpenAIs()
    {
        var before = DateTimeOffset.UtcNow.ToUnixTimeSeconds();
        var answer = (await Chat("\"temperature\":0,\"model\":\"anything\"")).AsObject();
        Assert.Equal(["id", "object", "created", "model", "choices", "usage"], answer.Select(member => member.Key));
        Assert.StartsWith("chatcmpl-", answer["id"]!.GetValue<string>(), StringComparison.Ordinal);
        Assert.Equal("chat.completion", answer["object"]!.GetValue<string>());
        Assert.InRange(answer["created"]!.GetValue<long>(), before, before + 3600);
        Assert.Equal("anything", answer["model"]!.GetValue<string>());
        var choice = Assert.Single(answer["choices"]!.AsArray())!.AsObject();
        Assert.Equal(["index", "message", "logprobs", "finish_reason", "matched_stop"], choice.Select(member => member.Key));
        Assert.Equal(0, choice["index"]!.GetValue<int>());
        Assert.Equal("assistant", choice["message"]!["role"]!.GetValue<string>());
        Assert.Matches("[a-z]{2}", choice["message"]!["content"]!.GetValue<string>());
        Assert.Null(choice["logprobs"]);
        Assert.Equal("stop", choice["finish_reason"]!.GetValue<string>());
        Assert.Equal(2, choice["matched_stop"]!.GetValue<int>());
        var usage = answer["usage"]!;
        // <|im_start|>user\nHello!<|im_end|>\n<|im_start|>assistant\n
        var prompt = demo.Server.Engine.Tokenizer!.EncodeToIds("<|im_start|>user\nHello!<|im_end|>\n<|im_start|>assistant\n").Length;
        Assert.Equal(prompt, usage["prompt_tokens"]!.GetValue<int>());
        Assert.Equal(prompt + usage["completion_tokens"]!.GetValue<int>(), usage["total_tokens"]!.GetValue<int>());
    }

    [Fact]
    public async Task A_stream_says_the_same_in_pieces()
    {
        var whole = await Chat("\"temperature\":0");
        var events = await demo.Api.StreamAsync(Path, Body("\"temperature\":0,\"stream\":true,\"stream_options\":{\"include_usage\":true}"));
        Assert.All(events, e => Assert.Equal(["id", "object", "created", "model", "choices", "usage"], e.AsObject().Select(member => member.Key)));
        Assert.All(events, e => Assert.Equal("chat.completion.chunk", e["object"]!.GetValue<string>()));
        Assert.Single(events.Select(e => e["id"]!.GetValue<string>()).Distinct());
        Assert.Equal("assistant", events[0]["choices"]![0]!["delta"]!["role"]!.GetValue<string>());
        Assert.All(events.Skip(1).SkipLast(1), e => Assert.Null(e["choices"]![0]!["delta"]!["role"]));
        Assert.Equal(Text(whole), StreamedText(events));
        Assert.True(events.Count > 5, "the text comes in pieces");
        Assert.Equal("stop", events[^2]["choices"]![0]!["finish_reason"]!.GetValue<string>());
        Assert.All(events.SkipLast(2), e => Assert.Null(e["choices"]![0]!["finish_reason"]));
        // The usage comes last, without a choice; before it, it is null.
        Assert.Empty(events[^1]["choices"]!.AsArray());
        Assert.Equal(whole["usage"]!.ToJsonString(), events[^1]["usage"]!.ToJsonString());
        Assert.All(events.SkipLast(1), e => Assert.Null(e["usage"]));
    }

    [Fact]
    public async Task Continuous_usage_counts_up()
    {
        var events = await demo.Api.StreamAsync(Path, Body("\"max_tokens\":4,\"ignore_eos\":true,\"stream\":true,\"stream_options\":{\"include_usage\":true,\"continuous_usage_stats\":true}"));
        var counts = events.Skip(1).Select(e => e["usage"]!["completion_tokens"]!.GetValue<int>()).ToArray();
        Assert.Equal(counts.Order(), counts);
        Assert.Equal(4, counts[^1]);
        Assert.Equal(1, counts[0]);
    }

    [Fact]
    public async Task Without_stream_options_no_event_is_without_a_choice() =>
        Assert.All(await demo.Api.StreamAsync(Path, Body("\"max_tokens\":3,\"stream\":true")), e => Assert.Single(e["choices"]!.AsArray()));

    [Theory]
    [InlineData("max_tokens")]
    [InlineData("max_completion_tokens")]
    public async Task The_length_is_bounded(string name)
    {
        var answer = await Chat($"\"{name}\":3,\"ignore_eos\":true");
        Assert.Equal("length", answer["choices"]![0]!["finish_reason"]!.GetValue<string>());
        Assert.Null(answer["choices"]![0]!["matched_stop"]);
        Assert.Equal(3, answer["usage"]!["completion_tokens"]!.GetValue<int>());
    }

    [Fact]
    public async Task Without_a_bound_the_context_is_the_bound()
    {
        var answer = await Chat("\"ignore_eos\":true,\"temperature\":0");
        Assert.Equal("length", answer["choices"]![0]!["finish_reason"]!.GetValue<string>());
        Assert.Equal(demo.Server.Engine.Model.ContextLength, answer["usage"]!["total_tokens"]!.GetValue<int>());
    }

    [Fact]
    public async Task A_stop_string_ends_the_text_before_it()
    {
        var text = Text(await Chat("\"temperature\":0"));
        var stop = text[3..8];
        foreach (var given in new[] { $"\"{stop}\"", $"[\"nowhere to be found\",\"{stop}\"]" })
        {
            var answer = await Chat($"\"temperature\":0,\"stop\":{given}");
            Assert.Equal(text[..text.IndexOf(stop, StringComparison.Ordinal)], Text(answer));
            Assert.Equal("stop", answer["choices"]![0]!["finish_reason"]!.GetValue<string>());
            Assert.Equal(stop, answer["choices"]![0]!["matched_stop"]!.GetValue<string>());
            Assert.Equal(Text(answer), StreamedText(await demo.Api.StreamAsync(Path, Body($"\"temperature\":0,\"stream\":true,\"stop\":{given}"))));
        }
        var kept = await Chat($"\"temperature\":0,\"no_stop_trim\":true,\"stop\":\"{stop}\"");
        Assert.Equal(text[..(text.IndexOf(stop, StringComparison.Ordinal) + stop.Length)], Text(kept));
    }

    [Fact]
    public async Task A_stop_token_ends_the_text()
    {
        var ids = demo.Server.Engine.Tokenizer!.EncodeToIds(Text(await Chat("\"temperature\":0")));
        var answer = await Chat($"\"temperature\":0,\"stop_token_ids\":[{ids[2]}]");
        Assert.Equal(ids[2], answer["choices"]![0]!["matched_stop"]!.GetValue<int>());
        Assert.Equal(Array.IndexOf(ids, ids[2]) + 1, answer["usage"]!["completion_tokens"]!.GetValue<int>());
    }

    [Fact]
    public async Task A_seed_repeats_an_answer_and_n_gives_several()
    {
        const string sampling = "\"temperature\":2,\"top_p\":1,\"max_tokens\":12,\"ignore_eos\":true";
        var first = await Chat($"{sampling},\"n\":3,\"seed\":7");
        Assert.Equal([0, 1, 2], first["choices"]!.AsArray().Select(choice => choice!["index"]!.GetValue<int>()));
        var texts = Texts(first);
        Assert.Equal(3, texts.Distinct().Count());
        Assert.Equal(texts, Texts(await Chat($"{sampling},\"n\":3,\"seed\":7")));
        Assert.NotEqual(texts, Texts(await Chat($"{sampling},\"n\":3,\"seed\":8")));
        Assert.Equal(36, first["usage"]!["completion_tokens"]!.GetValue<int>());
        var events = await demo.Api.StreamAsync(Path, Body($"{sampling},\"n\":3,\"seed\":7,\"stream\":true"));
        for (var i = 0; i < 3; i++) Assert.Equal(texts[i], StreamedText([.. events.Where(e => e["choices"]![0]!["index"]!.GetValue<int>() == i)]));
    }

    [Fact]
    public async Task Log_probabilities_are_those_of_the_tokens()
    {
        var answer = await Chat("\"temperature\":0,\"logprobs\":true,\"top_logprobs\":3,\"max_tokens\":5");
        var logProbs = answer["choices"]![0]!["logprobs"]!.AsObject();
        Assert.Equal(["content", "refusal"], logProbs.Select(member => member.Key));
        var content = logProbs["content"]!.AsArray();
        Assert.Equal(5, content.Count);
        Assert.Equal(Text(answer), string.Concat(content.Select(entry => entry!["token"]!.GetValue<string>())));
        foreach (var entry in content)
        {
            Assert.Equal(["token", "logprob", "bytes", "top_logprobs"], entry!.AsObject().Select(member => member.Key));
            Assert.Equal(entry["token"]!.GetValue<string>(), System.Text.Encoding.UTF8.GetString([.. entry["bytes"]!.AsArray().Select(b => (byte)b!.GetValue<int>())]));
            var top = entry["top_logprobs"]!.AsArray();
            Assert.Equal(3, top.Count);
            // Greedy: the token itself is the most probable.
            Assert.Equal(entry["token"]!.GetValue<string>(), top[0]!["token"]!.GetValue<string>());
            Assert.Equal(entry["logprob"]!.GetValue<float>(), top[0]!["logprob"]!.GetValue<float>());
            Assert.InRange(top.Sum(t => Math.Exp(t!["logprob"]!.GetValue<float>())), 0.01, 1.0001);
        }
        var streamed = await demo.Api.StreamAsync(Path, Body("\"temperature\":0,\"logprobs\":true,\"top_logprobs\":3,\"max_tokens\":5,\"stream\":true"));
        var pieces = streamed.SelectMany(e => e["choices"]![0]!["logprobs"]?["content"]!.AsArray() ?? []).Select(entry => entry!.ToJsonString());
        Assert.Equal(content.Select(entry => entry!.ToJsonString()), pieces);
    }

    [Fact]
    public async Task Biases_and_penalties_change_the_answer()
    {
        var plain = Text(await Chat("\"temperature\":0,\"max_tokens\":8"));
        var first = demo.Server.Engine.Tokenizer!.EncodeToIds(plain)[0];
        Assert.NotEqual(plain, Text(await Chat($"\"temperature\":0,\"max_tokens\":8,\"logit_bias\":{{\"{first}\":-100}}")));
        var forced = await Chat($"\"temperature\":0,\"max_tokens\":4,\"ignore_eos\":true,\"logit_bias\":{{\"{first}\":100}}");
        Assert.Equal(string.Concat(Enumerable.Repeat(demo.Server.Engine.Tokenizer.Decode([first], false), 4)), Text(forced));
        var penalised = await Chat($"\"temperature\":0,\"max_tokens\":4,\"ignore_eos\":true,\"presence_penalty\":2,\"logit_bias\":{{\"{first}\":1}}");
        Assert.Equal(4, penalised["usage"]!["completion_tokens"]!.GetValue<int>());
    }

    [Fact]
    public async Task Content_may_come_in_parts()
    {
        var parts = """{"messages":[{"role":"user","content":[{"type":"text","text":"Hello!"}]}],"temperature":0}""";
        Assert.Equal(Text(await Chat("\"temperature\":0")), Text(await demo.Api.PostAsync(Path, parts)));
    }

    [Fact]
    public async Task A_developer_is_the_system_where_the_template_knows_no_developer()
    {
        var texts = new List<string>();
        foreach (var role in new[] { "system", "developer" })
            texts.Add((await demo.Api.PostAsync(Path, $$"""{"messages":[{"role":"{{role}}","content":"Be brief."},{{Hello}}],"temperature":0,"max_tokens":5}"""))["usage"]!.ToJsonString());
        Assert.Equal(texts[0], texts[1]);
    }

    [Fact]
    public async Task The_last_message_can_be_continued()
    {
        var answer = await demo.Api.PostAsync(Path,
            $$"""{"messages":[{{Hello}},{"role":"assistant","content":"Hello"}],"continue_final_message":true,"temperature":0,"max_tokens":3}""");
        var prompt = demo.Server.Engine.Tokenizer!.EncodeToIds("<|im_start|>user\nHello!<|im_end|>\n<|im_start|>assistant\nHello").Length;
        Assert.Equal(prompt, answer["usage"]!["prompt_tokens"]!.GetValue<int>());
    }

    private Task<JsonNode> Chat(string fields) => demo.Api.PostAsync(Path, Body(fields));

    private static string Body(string fields) => $$"""{"messages":[{{Hello}}],{{fields}}}""";

    private static string Text(JsonNode answer) => Texts(answer)[0];

    private static string[] Texts(JsonNode answer) => [.. answer["choices"]!.AsArray().Select(choice => choice!["message"]!["content"]!.GetValue<string>())];

    private static string StreamedText(IReadOnlyList<JsonNode> events) =>
        string.Concat(events.SelectMany(e => e["choices"]!.AsArray()).Select(choice => choice!["delta"]!["content"]?.GetValue<string>()));
}
