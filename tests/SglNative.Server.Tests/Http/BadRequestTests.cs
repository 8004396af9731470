using System.Net;
using System.Net.Http.Headers;
using System.Text;
using SglNative.Server.Tests.Serving;

namespace SglNative.Server.Tests.Http;

/// <summary>Every mistake is a 4xx in OpenAI's shape that names the field, and the server stays up.</summary>
public class BadRequestTests(DemoServer demo)
{
    private const string Message = "\"messages\":[{\"role\":\"user\",\"content\":\"Hi\"}]";

    public static TheoryData<string, string> Sampling => new()
    {
        { "\"temperature\":-0.1", "temperature" }, { "\"temperature\":1e39", "temperature" }, { "\"temperature\":\"hot\"", "temperature" }, { "\"temperature\":[]", "temperature" },
        { "\"top_p\":0", "top_p" }, { "\"top_p\":1.01", "top_p" }, { "\"top_p\":-1", "top_p" }, { "\"top_p\":{}", "top_p" },
        { "\"top_k\":-2", "top_k" }, { "\"top_k\":1.5", "top_k" }, { "\"top_k\":99999999999", "top_k" }, { "\"min_p\":-0.1", "min_p" }, { "\"min_p\":1.1", "min_p" },
        { "\"frequency_penalty\":2.1", "frequency_penalty" }, { "\"frequency_penalty\":-2.1", "frequency_penalty" },
        { "\"presence_penalty\":2.1", "presence_penalty" }, { "\"presence_penalty\":-2.1", "presence_penalty" },
        { "\"repetition_penalty\":0", "repetition_penalty" }, { "\"repetition_penalty\":2.1", "repetition_penalty" },
        { "\"n\":0", "n " }, { "\"n\":-1", "n " }, { "\"n\":5000000", "n " }, { "\"n\":\"2\"", "n " }, { "\"n\":1e30", "n " },
        { "\"stop\":\"\"", "stop" }, { "\"stop\":[1]", "stop" }, { "\"stop\":{}", "stop" },
        { "\"stop_token_ids\":[-1]", "stop_token_ids" }, { "\"stop_token_ids\":[2048]", "stop_token_ids" }, { "\"stop_token_ids\":[\"a\"]", "stop_token_ids" },
        { "\"ignore_eos\":\"yes\"", "ignore_eos" }, { "\"ignore_eos\":1", "ignore_eos" }, { "\"skip_special_tokens\":0", "skip_special_tokens" },
        { "\"logit_bias\":{\"2048\":1}", "logit_bias" }, { "\"logit_bias\":{\"a\":1}", "logit_bias" }, { "\"logit_bias\":{\"1\":\"a\"}", "logit_bias" }, { "\"logit_bias\":[]", "logit_bias" },
        { "\"regex\":\"a+\"", "regex" }, { "\"json_schema\":\"{}\"", "json_schema" }, { "\"ebnf\":\"root ::= a\"", "ebnf" }, { "\"structural_tag\":\"x\"", "structural_tag" },
        { "\"stop_regex\":\"a+\"", "stop_regex" },
    };

    [Theory]
    [MemberData(nameof(Sampling))]
    public async Task Sampling_values_have_ranges(string field, string named)
    {
        Assert.Contains(named, await demo.Api.FailAsync("v1/chat/completions", $"{{{Message},{field}}}"), StringComparison.Ordinal);
        Assert.Contains(named, await demo.Api.FailAsync("v1/completions", $"{{\"prompt\":\"Hi\",{field}}}"), StringComparison.Ordinal);
        Assert.Contains(named, await demo.Api.FailAsync("generate", $"{{\"text\":\"Hi\",\"sampling_params\":{{{field}}}}}"), StringComparison.Ordinal);
        Assert.Contains(named, await demo.Api.FailAsync("generate", $"{{\"text\":\"Hi\",\"stream\":true,\"sampling_params\":{{{field}}}}}"), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("\"max_tokens\":0", "max_tokens is 0")]
    [InlineData("\"max_tokens\":-5", "max_tokens is -5")]
    [InlineData("\"max_completion_tokens\":0", "max_completion_tokens is 0")]
    [InlineData("\"max_tokens\":\"many\"", "max_tokens must be an integer")]
    [InlineData("\"min_tokens\":-1", "min_tokens is -1")]
    [InlineData("\"min_tokens\":9,\"max_tokens\":8", "min_tokens is 9, expected in [0, max_tokens = 8]")]
    [InlineData("\"stream\":\"yes\"", "stream must be true or false")]
    [InlineData("\"stream_options\":{}", "stream_options")]
    [InlineData("\"stream\":true,\"stream_options\":[]", "stream_options must be a JSON object")]
    [InlineData("\"stream\":true,\"stream_options\":{\"include_usage\":1}", "stream_options.include_usage")]
    [InlineData("\"seed\":\"x\"", "seed")]
    [InlineData("\"seed\":1.5", "seed")]
    [InlineData("\"model\":7", "model must be a string")]
    [InlineData("\"response_format\":{\"type\":\"json_object\"}", "response_format of type 'json_object' is not supported yet")]
    [InlineData("\"response_format\":{\"type\":\"json_schema\",\"json_schema\":{}}", "response_format of type 'json_schema' is not supported yet")]
    [InlineData("\"response_format\":\"text\"", "response_format must be a JSON object")]
    [InlineData("\"lora_path\":\"x\"", "lora_path: LoRA adapters are not supported yet")]
    [InlineData("\"session_params\":{\"id\":\"1\"}", "session_params")]
    [InlineData("\"custom_logit_processor\":\"x\"", "custom_logit_processor")]
    [InlineData("\"return_hidden_states\":true", "return_hidden_states")]
    [InlineData("\"bootstrap_room\":1", "bootstrap_room")]
    public async Task Fields_of_both_OpenAI_endpoints_are_checked(string field, string message)
    {
        Assert.Contains(message, await demo.Api.FailAsync("v1/chat/completions", $"{{{Message},{field}}}"), StringComparison.Ordinal);
        Assert.Contains(message, await demo.Api.FailAsync("v1/completions", $"{{\"prompt\":\"Hi\",{field}}}"), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("{}", "messages is missing")]
    [InlineData("""{"messages":[]}""", "messages is empty")]
    [InlineData("""{"messages":"Hi"}""", "messages must be an array")]
    [InlineData("""{"messages":["Hi"]}""", "messages[0] must be a JSON object")]
    [InlineData("""{"messages":[{"content":"Hi"}]}""", "messages[0].role is missing")]
    [InlineData("""{"messages":[{"role":"wizard","content":"Hi"}]}""", "messages[0].role is 'wizard'")]
    [InlineData("""{"messages":[{"role":5,"content":"Hi"}]}""", "messages[0].role must be a string")]
    [InlineData("""{"messages":[{"role":"user"}]}""", "messages[0].content is missing")]
    [InlineData("""{"messages":[{"role":"user","content":7}]}""", "messages[0].content must be a text")]
    [InlineData("""{"messages":[{"role":"user","content":[{"type":"image_url","image_url":{"url":"http://a/b.png"}}]}]}""", "images, audio and video are not supported yet")]
    [InlineData("""{"messages":[{"role":"user","content":[{"text":"Hi"}]}]}""", "messages[0].content[0].type is missing")]
    [InlineData("""{"messages":[{"role":"user","content":[{"type":"text"}]}]}""", "messages[0].content[0].text is missing")]
    [InlineData("""{"messages":[{"role":"user","content":"Hi"}],"tools":[{"type":"function","function":{"name":"f"}}]}""", "tools: tool calls are not supported yet")]
    [InlineData("""{"messages":[{"role":"user","content":"Hi"}],"functions":[{"name":"f"}]}""", "functions")]
    [InlineData("""{"messages":[{"role":"user","content":"Hi"}],"modalities":["text","audio"]}""", "modalities")]
    [InlineData("""{"messages":[{"role":"user","content":"Hi"}],"logprobs":5}""", "logprobs must be true or false")]
    [InlineData("""{"messages":[{"role":"user","content":"Hi"}],"top_logprobs":5}""", "top_logprobs is given, but logprobs is not true")]
    [InlineData("""{"messages":[{"role":"user","content":"Hi"}],"logprobs":true,"top_logprobs":21}""", "top_logprobs is 21")]
    [InlineData("""{"messages":[{"role":"user","content":"Hi"}],"logprobs":true,"top_logprobs":1000000000}""", "top_logprobs is 1000000000")]
    [InlineData("""{"messages":[{"role":"user","content":"Hi"}],"chat_template_kwargs":[]}""", "chat_template_kwargs")]
    [InlineData("""{"messages":[{"role":"user","content":"Hi"}],"continue_final_message":true,"add_generation_prompt":true}""", "continue_final_message")]
    public async Task Chats_are_checked(string body, string message) =>
        Assert.Contains(message, await demo.Api.FailAsync("v1/chat/completions", body), StringComparison.Ordinal);

    [Theory]
    [InlineData("{}", "prompt is missing")]
    [InlineData("""{"prompt":[]}""", "prompt must be")]
    [InlineData("""{"prompt":{}}""", "prompt must be")]
    [InlineData("""{"prompt":""}""", "the prompt is empty")]
    [InlineData("""{"prompt":[1,"a"]}""", "prompt must be an integer")]
    [InlineData("""{"prompt":["a",1]}""", "prompt[1]")]
    [InlineData("""{"prompt":[[1],2]}""", "prompt[1]")]
    [InlineData("""{"prompt":[[]]}""", "the prompt is empty")]
    [InlineData("""{"prompt":[2048]}""", "2048")]
    [InlineData("""{"prompt":[-1]}""", "-1")]
    [InlineData("""{"prompt":[99999999999]}""", "99999999999")]
    [InlineData("""{"prompt":"a","suffix":"b"}""", "suffix")]
    [InlineData("""{"prompt":"a","best_of":3}""", "best_of")]
    [InlineData("""{"prompt":"a","logprobs":21}""", "logprobs is 21")]
    [InlineData("""{"prompt":"a","logprobs":-1}""", "logprobs is -1")]
    [InlineData("""{"prompt":"a","logprobs":true}""", "logprobs must be an integer")]
    [InlineData("""{"prompt":"a","echo":"yes"}""", "echo must be true or false")]
    public async Task Completions_are_checked(string body, string message) =>
        Assert.Contains(message, await demo.Api.FailAsync("v1/completions", body), StringComparison.Ordinal);

    [Theory]
    [InlineData("{}", "either text or input_ids")]
    [InlineData("""{"text":"a","input_ids":[1]}""", "either text or input_ids")]
    [InlineData("""{"text":5}""", "text must be a string")]
    [InlineData("""{"text":[]}""", "text is empty")]
    [InlineData("""{"text":""}""", "the prompt is empty")]
    [InlineData("""{"input_ids":[]}""", "input_ids must be a non-empty array")]
    [InlineData("""{"input_ids":"1"}""", "input_ids must be")]
    [InlineData("""{"input_ids":[2048]}""", "2048")]
    [InlineData("""{"input_ids":[-1]}""", "-1")]
    [InlineData("""{"input_ids":[[1],[99999]]}""", "99999")]
    [InlineData("""{"input_ids":[[1],3]}""", "input_ids[1]")]
    [InlineData("""{"text":"a","sampling_params":[]}""", "sampling_params must be a JSON object")]
    [InlineData("""{"text":["a","b"],"sampling_params":[{}]}""", "sampling_params has 1 entries")]
    [InlineData("""{"text":["a","b"],"sampling_params":[{"n":1},{"n":2}]}""", "n must be the same")]
    [InlineData("""{"text":"a","sampling_params":{"max_new_tokens":-1}}""", "max_new_tokens is -1")]
    [InlineData("""{"text":"a","sampling_params":{"min_new_tokens":-1}}""", "min_new_tokens is -1")]
    [InlineData("""{"text":"a","sampling_params":{"stream_interval":0}}""", "stream_interval is 0")]
    [InlineData("""{"text":"a","sampling_params":{"custom_params":{"a":1}}}""", "sampling_params.custom_params")]
    [InlineData("""{"text":"a","rid":5}""", "rid must be a string")]
    [InlineData("""{"text":["a","b"],"rid":["x","x"]}""", "request id 'x' is given to 2 requests, expected one each")]
    [InlineData("""{"text":"a","return_logprob":"yes"}""", "return_logprob must be true or false")]
    [InlineData("""{"text":"a","return_logprob":true,"logprob_start_len":-2}""", "logprob_start_len is -2")]
    [InlineData("""{"text":"a","return_logprob":true,"logprob_start_len":99}""", "logprob_start_len is 99")]
    [InlineData("""{"text":"a","return_logprob":true,"top_logprobs_num":1000000000}""", "top_logprobs_num is 1000000000")]
    [InlineData("""{"text":"a","return_logprob":true,"top_logprobs_num":-1}""", "top_logprobs_num is -1")]
    [InlineData("""{"text":"a","token_ids_logprob":[1]}""", "token_ids_logprob")]
    [InlineData("""{"text":"a","image_data":"http://a/b.png"}""", "image_data: images are not supported yet")]
    [InlineData("""{"text":"a","return_hidden_states":true}""", "return_hidden_states")]
    [InlineData("""{"text":"a","input_embeds":[[1.0]]}""", "input_embeds")]
    public async Task Native_requests_are_checked(string body, string message) =>
        Assert.Contains(message, await demo.Api.FailAsync("generate", body), StringComparison.Ordinal);

    [Theory]
    [InlineData("", "empty")]
    [InlineData("  \n ", "empty")]
    [InlineData("{", "not valid JSON (line 1, byte 2)")]
    [InlineData("""{"messages":[}""", "not valid JSON")]
    [InlineData("{} x", "not valid JSON")]
    [InlineData("{'text':1}", "not valid JSON")]
    [InlineData("""{"text":NaN}""", "not valid JSON")]
    [InlineData("[]", "the request body must be a JSON object, not an array")]
    [InlineData("null", "the request body must be a JSON object")]
    [InlineData("\"a\"", "the request body must be a JSON object")]
    [InlineData("""{"text":"\ud800"}""", "half a surrogate pair")]
    [InlineData("""{"\udc00":1}""", "half a surrogate pair")]
    public async Task Malformed_JSON_is_refused_everywhere(string body, string message)
    {
        foreach (var path in new[] { "v1/chat/completions", "v1/completions", "generate" })
            Assert.Contains(message, await demo.Api.FailAsync(path, body), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Deep_nesting_is_refused() =>
        Assert.Contains("nested deeper than 64 levels", await demo.Api.FailAsync("generate", $$"""{"text":{{new string('[', 100_000)}}{{new string(']', 100_000)}}}"""), StringComparison.Ordinal);

    [Fact]
    public async Task A_mistake_in_a_deep_place_is_a_mistake() =>
        Assert.Contains("not valid JSON", await demo.Api.FailAsync("generate", $$"""{"text":{{new string('[', 63)}}x{{new string(']', 63)}}}"""), StringComparison.Ordinal);

    [Fact]
    public async Task Bytes_that_are_no_text_are_refused()
    {
        foreach (byte[] bad in new byte[][] { [0xff], [0xc3], [0xed, 0xa0, 0x80], [0xf8, 0x88, 0x80, 0x80, 0x80] })
            Assert.Contains("not valid UTF-8", await RawAsync("generate", [.. "{\"text\":\""u8, .. bad, .. "\"}"u8], HttpStatusCode.BadRequest), StringComparison.Ordinal);
        Assert.Contains("not valid UTF-8", await RawAsync("generate", Encoding.Unicode.GetBytes("{\"text\":\"aé\"}"), HttpStatusCode.BadRequest, bom: [0xff, 0xfe]), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Of_a_key_that_is_there_twice_the_last_counts()
    {
        var answer = await demo.Api.PostAsync("v1/completions", """{"prompt":"a","max_tokens":9,"max_tokens":2,"ignore_eos":true,"prompt":"b"}""");
        Assert.Equal(2, answer["usage"]!["completion_tokens"]!.GetValue<int>());
        answer = await demo.Api.PostAsync("v1/chat/completions", """{"messages":[{"role":"wizard","role":"user","content":"a","content":"Hi"}],"max_tokens":1}""");
        Assert.Single(answer["choices"]!.AsArray());
    }

    [Fact]
    public async Task A_byte_order_mark_does_no_harm() =>
        await RawAsync("generate", [.. Encoding.UTF8.Preamble, .. """{"text":"Once","sampling_params":{"max_new_tokens":1}}"""u8], HttpStatusCode.OK);

    [Fact]
    public async Task A_prompt_beyond_the_context_is_refused()
    {
        var ids = string.Join(',', Enumerable.Repeat(5, 1024));
        var message = await demo.Api.FailAsync("generate", $$"""{"input_ids":[{{ids}}]}""");
        Assert.Equal("the prompt has 1024 tokens, and the model's context length is 1024: shorten it to at most 1023 tokens", message);
        var text = string.Concat(Enumerable.Repeat("hello ", 3000));
        Assert.Contains("tokens, and the model's context length is 1024", await demo.Api.FailAsync("v1/completions", $$"""{"prompt":"{{text}}"}"""), StringComparison.Ordinal);
        // So long a text is refused by its length alone.
        text = new string('a', 20_000_000);
        Assert.Contains("20000000 characters", await demo.Api.FailAsync("v1/chat/completions", $$"""{"messages":[{"role":"user","content":"{{text}}"}]}"""), StringComparison.Ordinal);
    }

    /// <summary>What a request asks for must fit; an endpoint's own default goes as far as there is room.</summary>
    [Fact]
    public async Task More_tokens_than_the_context_has_room_for_are_refused()
    {
        var ids = string.Join(',', Enumerable.Repeat(5, 1020));
        const string refusal = "5 new tokens are asked for after a prompt of 1020, and the model's context length is 1024: ask for at most 4";
        Assert.Equal(refusal, await demo.Api.FailAsync("generate", $$$"""{"input_ids":[{{{ids}}}],"sampling_params":{"max_new_tokens":5}}"""));
        Assert.Equal(refusal, await demo.Api.FailAsync("v1/completions", $$"""{"prompt":[{{ids}}],"max_tokens":5}"""));
        Assert.Contains("ask for at most", await demo.Api.FailAsync("v1/chat/completions", """{"messages":[{"role":"user","content":"Hi"}],"max_completion_tokens":1024}"""), StringComparison.Ordinal);
        var answer = await demo.Api.PostAsync("v1/completions", $$"""{"prompt":[{{ids}}],"ignore_eos":true}""");
        Assert.Equal(4, answer["usage"]!["completion_tokens"]!.GetValue<int>());
        answer = await demo.Api.PostAsync("generate", $$$"""{"input_ids":[{{{ids}}}],"sampling_params":{"ignore_eos":true}}""");
        Assert.Equal(4, answer["meta_info"]!["completion_tokens"]!.GetValue<int>());
    }

    [Fact]
    public async Task A_batch_has_a_bound()
    {
        var list = string.Join(',', Enumerable.Repeat("\"a\"", 5000));
        Assert.Contains("4096", await demo.Api.FailAsync("generate", $$"""{"text":[{{list}}]}"""), StringComparison.Ordinal);
        Assert.Contains("4096", await demo.Api.FailAsync("v1/completions", $$"""{"prompt":[{{list}}]}"""), StringComparison.Ordinal);
        list = string.Join(',', Enumerable.Repeat("\"a\"", 100));
        Assert.Contains("4096", await demo.Api.FailAsync("v1/completions", $$"""{"prompt":[{{list}}],"n":128}"""), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_body_of_100_MB_is_refused(bool chunked)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri("v1/chat/completions", UriKind.Relative));
        request.Content = new ByteArrayContent(Enumerable.Repeat((byte)' ', 100_000_000).ToArray());
        request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        request.Headers.TransferEncodingChunked = chunked;
        request.Headers.ExpectContinue = true;
        try
        {
            using var response = await demo.Api.Http.SendAsync(request);
            Assert.Equal(HttpStatusCode.RequestEntityTooLarge, response.StatusCode);
            Assert.Contains("64 MB", Api.ErrorMessage(await response.Content.ReadAsStringAsync()), StringComparison.Ordinal);
        }
        catch (HttpRequestException e) when (chunked && e.InnerException is IOException)
        {
            // The server answered and closed; this client was still sending.
        }
        Assert.Equal("ok", (await demo.Api.GetAsync("health"))["status"]!.GetValue<string>());
    }

    [Theory]
    [InlineData("v1/chat/completions", "text/plain", "Unsupported Media Type")]
    [InlineData("v1/completions", "application/x-www-form-urlencoded", "Unsupported Media Type")]
    [InlineData("v1/completions", null, "Unsupported Media Type")]
    [InlineData("generate", "application/x-www-form-urlencoded", "Unsupported Media Type")]
    [InlineData("generate", "nonsense", "Unsupported Media Type")]
    [InlineData("generate", null, "either text or input_ids")]
    public async Task The_body_must_be_JSON_by_its_type(string path, string? type, string message)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri(path, UriKind.Relative)) { Content = new ByteArrayContent("{}"u8.ToArray()) };
        if (type is not null) request.Content.Headers.TryAddWithoutValidation("Content-Type", type);
        using var response = await demo.Api.Http.SendAsync(request);
        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
        Assert.Contains(message, Api.ErrorMessage(await response.Content.ReadAsStringAsync()), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("GET", "nothing/here", HttpStatusCode.NotFound)]
    [InlineData("POST", "v1/embedding%20%C3%BC", HttpStatusCode.NotFound)]
    [InlineData("POST", "v1", HttpStatusCode.NotFound)]
    [InlineData("GET", "v1/chat/completions", HttpStatusCode.MethodNotAllowed)]
    [InlineData("DELETE", "generate", HttpStatusCode.MethodNotAllowed)]
    [InlineData("POST", "health", HttpStatusCode.MethodNotAllowed)]
    public async Task Wrong_paths_and_methods_are_errors_in_OpenAIs_shape(string method, string path, HttpStatusCode status)
    {
        using var request = new HttpRequestMessage(new HttpMethod(method), new Uri(path, UriKind.Relative));
        using var response = await demo.Api.Http.SendAsync(request);
        Assert.Equal(status, response.StatusCode);
        Api.ErrorMessage(await response.Content.ReadAsStringAsync());
        if (status == HttpStatusCode.MethodNotAllowed) Assert.NotEmpty(response.Content.Headers.Allow);
    }

    private async Task<string> RawAsync(string path, byte[] body, HttpStatusCode status, byte[]? bom = null)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri(path, UriKind.Relative)) { Content = new ByteArrayContent([.. bom ?? [], .. body]) };
        request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        using var response = await demo.Api.Http.SendAsync(request);
        var text = await response.Content.ReadAsStringAsync();
        Assert.True(response.StatusCode == status, text);
        return status == HttpStatusCode.OK ? text : Api.ErrorMessage(text);
    }
}
