using System.Text.Json.Nodes;
using SglNative.Engine.Configuration;
using SglNative.Server.Tests.Serving;

namespace SglNative.Server.Tests.Native;

public class GenerateTests(DemoServer demo)
{
    private const string Path = "generate";

    [Fact]
    public async Task The_answer_has_the_shape_of_SGLangs()
    {
        var answer = (await Generate("""{"text":"Once upon a time","sampling_params":{"temperature":0,"max_new_tokens":5,"ignore_eos":true},"rid":"mine"}""")).AsObject();
        Assert.Equal(["text", "output_ids", "meta_info"], answer.Select(member => member.Key));
        var ids = answer["output_ids"]!.AsArray().Select(id => id!.GetValue<int>()).ToArray();
        Assert.Equal(demo.Server.Engine.Tokenizer!.Decode(ids, true), answer["text"]!.GetValue<string>());
        var info = answer["meta_info"]!;
        Assert.Equal("mine", info["id"]!.GetValue<string>());
        Assert.Equal("""{"type":"length","length":5}""", info["finish_reason"]!.ToJsonString());
        Assert.Equal(5, info["completion_tokens"]!.GetValue<int>());
        Assert.Equal(0, info["cached_tokens"]!.GetValue<int>());
        Assert.Equal("default", info["weight_version"]!.GetValue<string>());
        Assert.Equal(demo.Server.Engine.Tokenizer.EncodeToIds("Once upon a time").Length, info["prompt_tokens"]!.GetValue<int>());
        Assert.Null(info["output_token_logprobs"]);
    }

    [Fact]
    public async Task The_default_length_is_128_and_an_end_token_is_matched()
    {
        var answer = await Generate("""{"text":"Once","sampling_params":{"ignore_eos":true}}""");
        Assert.Equal(128, answer["meta_info"]!["completion_tokens"]!.GetValue<int>());
        answer = await Generate("""{"text":"<|im_start|>user\nHello!<|im_end|>\n<|im_start|>assistant\n","sampling_params":{"temperature":0}}""");
        Assert.Equal("""{"type":"stop","matched":2}""", answer["meta_info"]!["finish_reason"]!.ToJsonString());
        answer = await Generate("""{"text":"Once upon","sampling_params":{"temperature":0,"stop":"e"}}""");
        Assert.Equal("""{"type":"stop","matched":"e"}""", answer["meta_info"]!["finish_reason"]!.ToJsonString());
    }

    [Fact]
    public async Task A_batch_is_answered_as_a_list_in_its_order()
    {
        const string six = "\"sampling_params\":{\"temperature\":0,\"max_new_tokens\":6}";
        string[] texts = ["Once upon a time", "My name is", "Hello"];
        var alone = new List<string>();
        foreach (var text in texts) alone.Add((await Generate($"{{\"text\":\"{text}\",{six}}}"))["text"]!.GetValue<string>());
        var list = string.Join(',', texts.Select(text => $"\"{text}\""));
        var batch = (await Generate($"{{\"text\":[{list}],{six}}}")).AsArray();
        Assert.Equal(alone, batch.Select(answer => answer!["text"]!.GetValue<string>()));
        var ids = string.Join(',', texts.Select(text => $"[{string.Join(',', demo.Server.Engine.Tokenizer!.EncodeToIds(text))}]"));
        batch = (await Generate($"{{\"input_ids\":[{ids}],{six}}}")).AsArray();
        Assert.Equal(alone, batch.Select(answer => answer!["text"]!.GetValue<string>()));
        // One of each parameter for each prompt, and a request id made for each.
        batch = (await Generate($$"""
            {"text":[{{list}}],"rid":"r","return_logprob":[true,false,true],"sampling_params":[{"max_new_tokens":1},{"max_new_tokens":2,"ignore_eos":true},{"max_new_tokens":3,"ignore_eos":true}]}
            """)).AsArray();
        Assert.Equal([1, 2, 3], batch.Select(answer => answer!["meta_info"]!["completion_tokens"]!.GetValue<int>()));
        Assert.Equal(["r_0", "r_1", "r_2"], batch.Select(answer => answer!["meta_info"]!["id"]!.GetValue<string>()));
        Assert.Equal([true, false, true], batch.Select(answer => answer!["meta_info"]!["output_token_logprobs"] is not null));
        // A list of one is a batch too; n makes a list of a single prompt.
        Assert.Single((await Generate("""{"text":["Once"],"sampling_params":{"max_new_tokens":1}}""")).AsArray());
        Assert.Equal(2, (await Generate("""{"text":"Once","sampling_params":{"max_new_tokens":1,"n":2}}""")).AsArray().Count);
    }

    [Fact]
    public async Task A_stream_carries_the_whole_text_so_far()
    {
        const string body = """{"text":"Once upon a time","sampling_params":{"temperature":0,"max_new_tokens":12,"ignore_eos":true},"return_logprob":true""";
        var whole = await Generate(body + "}");
        var events = await demo.Api.StreamAsync(Path, body + ",\"stream\":true}");
        Assert.Equal(12, events.Count);
        var texts = events.Select(e => e["text"]!.GetValue<string>()).ToArray();
        for (var i = 1; i < texts.Length; i++) Assert.StartsWith(texts[i - 1], texts[i], StringComparison.Ordinal);
        Assert.Equal(whole["text"]!.GetValue<string>(), texts[^1]);
        Assert.Equal(whole["output_ids"]!.ToJsonString(), events[^1]["output_ids"]!.ToJsonString());
        Assert.Equal(whole["meta_info"]!["output_token_logprobs"]!.ToJsonString(), events[^1]["meta_info"]!["output_token_logprobs"]!.ToJsonString());
        Assert.All(events.SkipLast(1), e => Assert.Null(e["meta_info"]!["finish_reason"]));
        Assert.NotNull(events[^1]["meta_info"]!["finish_reason"]);
    }

    [Fact]
    public async Task A_streamed_batch_says_which_prompt()
    {
        var events = await demo.Api.StreamAsync(Path, """{"text":["Once","Hello"],"stream":true,"sampling_params":{"temperature":0,"max_new_tokens":3,"ignore_eos":true}}""");
        Assert.Equal(3, events.Count(e => e["index"]!.GetValue<int>() == 0));
        Assert.Equal(3, events.Count(e => e["index"]!.GetValue<int>() == 1));
    }

    [Fact]
    public async Task A_stream_interval_joins_tokens_and_holds_up_neither_first_nor_last()
    {
        var events = await demo.Api.StreamAsync(Path, """{"text":"Once","stream":true,"sampling_params":{"stream_interval":4,"max_new_tokens":10,"ignore_eos":true}}""");
        Assert.Equal([1, 4, 8, 10], events.Select(e => e["meta_info"]!["completion_tokens"]!.GetValue<int>()));
        Assert.Equal([1, 4, 8, 10], events.Select(e => e["output_ids"]!.AsArray().Count));
    }

    [Fact]
    public async Task An_incremental_stream_carries_what_is_new()
    {
        await using var server = await TestServer.StartAsync(new() { Port = 0, Device = DeviceChoice.Cpu, IncrementalStreamingOutput = true, SkipServerWarmup = true });
        using var api = new Api(server.Address);
        const string body = """{"text":"Once upon a time","sampling_params":{"temperature":0,"max_new_tokens":12,"ignore_eos":true}""";
        var whole = await api.PostAsync(Path, body + "}");
        var events = await api.StreamAsync(Path, body + ",\"stream\":true}");
        Assert.Equal(whole["text"]!.GetValue<string>(), string.Concat(events.Select(e => e["text"]!.GetValue<string>())));
        Assert.All(events, e => Assert.Single(e["output_ids"]!.AsArray()));
    }

    [Fact]
    public async Task Put_is_as_good_as_post()
    {
        using var request = Api.Request(Path, """{"text":"Once","sampling_params":{"max_new_tokens":1}}""");
        request.Method = HttpMethod.Put;
        using var response = await demo.Api.Http.SendAsync(request);
        Assert.True(response.IsSuccessStatusCode);
    }

    [Fact]
    public async Task Special_tokens_are_in_the_text_when_asked_for()
    {
        const string sampling = "\"temperature\":0,\"ignore_eos\":true,\"max_new_tokens\":3,\"logit_bias\":{\"1\":100}";
        Assert.Equal("", (await Generate($"{{\"text\":\"Once\",\"sampling_params\":{{{sampling}}}}}"))["text"]!.GetValue<string>());
        Assert.Equal("<|im_start|><|im_start|><|im_start|>", (await Generate($"{{\"text\":\"Once\",\"sampling_params\":{{{sampling},\"skip_special_tokens\":false}}}}"))["text"]!.GetValue<string>());
    }

    [Fact]
    public async Task No_token_may_be_asked_for_to_score_a_prompt()
    {
        var answer = await Generate("""{"text":"Once upon a time","return_logprob":true,"logprob_start_len":0,"return_text_in_logprobs":true,"sampling_params":{"max_new_tokens":0}}""");
        var tokens = answer["meta_info"]!["input_token_logprobs"]!.AsArray();
        Assert.Equal("Once upon a time", string.Concat(tokens.Select(token => token![2]!.GetValue<string>())));
        Assert.Null(tokens[0]![0]);
        Assert.Equal(0, answer["meta_info"]!["completion_tokens"]!.GetValue<int>());
    }

    private Task<JsonNode> Generate(string body) => demo.Api.PostAsync(Path, body);
}
