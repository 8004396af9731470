using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using SglNative.Core;
using SglNative.Server.Http;
using SglNative.Server.Native;
using SglNative.Server.OpenAi;
using SglNative.Server.Tests.Serving;

namespace SglNative.Server.Tests.Http;

/// <summary>Mutations of valid bodies, through everything that happens before a request runs: it is taken, or refused in one line.</summary>
public class RequestFuzzTests(DemoServer demo)
{
    private const int Cases = 4000;

    private static readonly string[] Chats =
    [
        """{"model":"m","messages":[{"role":"system","content":"Be brief."},{"role":"user","content":"Hi"},{"role":"assistant","content":"Hello","tool_calls":[]},{"role":"user","content":[{"type":"text","text":"é😀"}]}],"temperature":0.5,"top_p":0.9,"top_k":5,"min_p":0.1,"n":2,"seed":7,"max_tokens":5,"stop":["a","b"],"stop_token_ids":[3],"logit_bias":{"5":-1.5},"logprobs":true,"top_logprobs":2,"frequency_penalty":0.5,"presence_penalty":0.5,"repetition_penalty":1.1}""",
        """{"messages":[{"role":"user","content":"\u00e9\ud83d\ude00\n"}],"stream":true,"stream_options":{"include_usage":true},"response_format":{"type":"text"},"chat_template_kwargs":{"a":{"b":[1,2]}},"reasoning_effort":"low","continue_final_message":false,"tools":[],"tool_choice":"none"}""",
    ];

    private static readonly string[] Completions =
    [
        """{"prompt":["Once upon a time",""],"max_tokens":5,"echo":true,"logprobs":2,"n":1,"best_of":1,"suffix":"","user":"u"}""",
        """{"prompt":[[1,2,3],[4]],"stop":"x","ignore_eos":true,"stream":true,"stream_options":{"continuous_usage_stats":true},"min_tokens":1}""",
    ];

    private static readonly string[] Natives =
    [
        """{"text":["a","b"],"sampling_params":[{"max_new_tokens":3,"n":2},{"temperature":0,"n":2}],"return_logprob":[true,false],"logprob_start_len":[0,-1],"top_logprobs_num":[1,0],"rid":["q1","q2"],"stream":true}""",
        """{"input_ids":[1,2,3],"sampling_params":{"max_new_tokens":5,"stop":["a"],"stop_token_ids":[7],"logit_bias":{"1":1},"sampling_seed":3,"stream_interval":2},"return_text_in_logprobs":true}""",
    ];

    private static readonly string[] Values =
    [
        "null", "true", "false", "0", "-1", "1", "0.5", "-0.0", "1e308", "1e999", "-1e999", "2147483648", "-2147483649", "9223372036854775808", "1e-400", "123456789012345678901234567890",
        "\"\"", "\"a\"", "\"\\u0000\"", "\"\\ud800\"", "\"\\ud83d\\ude00\"", "\"{{ x }}\"", "[]", "[[]]", "[null]", "[[[[1]]]]", "[1,2,3]", "[\"a\",1]", "{}", "{\"a\":1}", "{\"\":{}}",
        "{\"type\":\"image_url\"}", "{\"role\":\"user\",\"content\":\"x\"}", "4097", "2048", "-2", "128", "129",
    ];

    [Fact]
    public void Bytes_are_taken_or_refused() => Run(71, (random, body) =>
    {
        var bytes = Encoding.UTF8.GetBytes(body).ToList();
        for (var edits = random.Next(1, 4); edits > 0 && bytes.Count > 0; edits--)
        {
            var at = random.Next(bytes.Count);
            switch (random.Next(5))
            {
                case 0: bytes[at] = (byte)random.Next(256); break;
                case 1: bytes.RemoveAt(at); break;
                case 2: bytes.Insert(at, (byte)"{}[]\",:\\u0e-"[random.Next(12)]); break;
                case 3: bytes.RemoveRange(at, Math.Min(bytes.Count - at, random.Next(30))); break;
                default: bytes.InsertRange(at, bytes.GetRange(0, Math.Min(at, random.Next(40)))); break;
            }
        }
        return [.. bytes];
    });

    [Fact]
    public void Values_are_taken_or_refused() => Run(72, (random, body) =>
    {
        // Any value of the tree gives way to any other: as text, since a tree cannot hold all that a text can.
        var spans = new List<(int Start, int End)>();
        var utf8 = Encoding.UTF8.GetBytes(body);
        var reader = new Utf8JsonReader(utf8);
        var open = new Stack<int>();
        while (reader.Read())
        {
            if (reader.TokenType is JsonTokenType.StartObject or JsonTokenType.StartArray) open.Push((int)reader.TokenStartIndex);
            else if (reader.TokenType is JsonTokenType.EndObject or JsonTokenType.EndArray) spans.Add((open.Pop(), (int)reader.BytesConsumed));
            else spans.Add(((int)reader.TokenStartIndex, (int)reader.BytesConsumed));
        }
        var (start, end) = spans[random.Next(spans.Count)];
        return [.. utf8[..start], .. Encoding.UTF8.GetBytes(Values[random.Next(Values.Length)]), .. utf8[end..]];
    });

    private void Run(int seed, Func<Random, string, byte[]> mutate)
    {
        var served = demo.Server.Served;
        var (chat, completions) = (new ChatCompletionsEndpoint(served), new CompletionsEndpoint(served));
        var random = new Random(seed);
        var (taken, refused) = (0, 0);
        for (var i = 0; i < Cases; i++)
        {
            var kind = random.Next(3);
            var seeds = kind switch { 0 => Chats, 1 => Completions, _ => Natives };
            var body = mutate(random, seeds[random.Next(seeds.Length)]);
            try
            {
                using var document = RequestJson.Parse(body);
                var fields = new RequestFields(document.RootElement);
                // Asking for the stream checks the request; it runs when it is read.
                _ = kind switch
                {
                    0 => served.Engine.StreamAsync(chat.Read(fields)),
                    1 => served.Engine.StreamAsync(completions.Read(fields).Prompts),
                    _ => served.Engine.StreamAsync(GenerateBody.Read(fields).Prompts),
                };
                taken++;
            }
            catch (SglException e)
            {
                refused++;
                Assert.DoesNotContain('\n', e.Message);
            }
            catch (Exception e) when (e is not Xunit.Sdk.XunitException)
            {
                Assert.Fail($"{e.GetType().Name} for {Encoding.UTF8.GetString(body)}\n{e}");
            }
        }
        // Both happen often, or the mutations are none.
        Assert.InRange(taken, Cases / 50, Cases);
        Assert.InRange(refused, Cases / 10, Cases);
    }

    [Fact]
    public void The_seeds_are_valid()
    {
        foreach (var body in Chats.Concat(Natives).Append(Completions[1])) Assert.NotNull(JsonNode.Parse(body));
        using var document = RequestJson.Parse(Encoding.UTF8.GetBytes(Chats[0]));
        Assert.NotNull(new ChatCompletionsEndpoint(demo.Server.Served).Read(new RequestFields(document.RootElement)));
    }
}
