using System.Text.Json;
using SglNative.Testing;

namespace SglNative.Tokenizers.Tests;

/// <summary>Published tokenizers against ids and texts of the reference library.</summary>
public sealed class GoldenTests
{
    public static TheoryData<string> Names =>
    [
        "aya_expanse", "baichuan2", "chatglm3", "claude", "claude1", "clip", "command_r_plus", "deepseek_v3", "falcon-tokenizer", "gemma",
        "gemma2", "gemma3", "gpt2", "gpt3", "gpt4", "gpt4o", "internlm2", "llama2", "llama3", "llama3_1", "llama3_2", "mistral_nemo",
        "phi-3", "qwen1_5", "qwen2_5", "qwen3", "t5-small", "text_davinci002", "text_davinci003", "text_embedding_ada002", "yi",
    ];

    [Theory]
    [MemberData(nameof(Names))]
    public void Ids_and_texts_equal_the_reference(string name)
    {
        var shared = TestFiles.Shared;
        if (shared is null) Assert.Skip("the shared goldens are absent");
        var tokenizer = PublishedTokenizers.Load(name);
        using var golden = JsonDocument.Parse(File.ReadAllBytes(Path.Combine(shared, "tokenizer-goldens", name + ".json")));
        var differences = new List<string>();
        foreach (var entry in golden.RootElement.GetProperty("cases").EnumerateArray())
        {
            var text = entry.GetProperty("text").GetString()!;
            var ids = Ids(entry, "ids_no_special");
            Compare("ids", Ids(entry, "ids"), tokenizer.EncodeToIds(text));
            Compare("ids without special tokens", ids, tokenizer.EncodeToIds(text, addSpecialTokens: false));
            Compare("text", entry.GetProperty("decoded").GetString()!, tokenizer.Decode(ids, false));
            Compare("text without special tokens", entry.GetProperty("decoded_skip_special").GetString()!, tokenizer.Decode(ids, true));

            void Compare<T>(string what, IEnumerable<T> expected, IEnumerable<T> actual)
            {
                if (!expected.SequenceEqual(actual))
                    differences.Add($"{what} of {JsonSerializer.Serialize(text)}: expected {JsonSerializer.Serialize(expected)}, got {JsonSerializer.Serialize(actual)}");
            }
        }
        Assert.True(differences.Count == 0, $"{differences.Count} differences, the first: {differences.FirstOrDefault()}");
    }

    private static int[] Ids(JsonElement entry, string name) => [.. entry.GetProperty(name).EnumerateArray().Select(e => e.GetInt32())];
}
