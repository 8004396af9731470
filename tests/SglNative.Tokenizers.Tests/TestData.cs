using System.Text.Json;
using SglNative.Testing;

namespace SglNative.Tokenizers.Tests;

/// <summary>The small tokenizers and component goldens that scripts/tokenizer_goldens and scripts/template_goldens make.</summary>
internal static class TestData
{
    private static string Folder => Path.Combine(TestFiles.Root, "tests", "SglNative.Tokenizers.Tests", "Data");

    public static string PathOf(string name) => Path.Combine(Folder, name);

    public static JsonElement Read(string name)
    {
        using var document = JsonDocument.Parse(File.ReadAllBytes(PathOf(name + ".json")));
        return document.RootElement.Clone();
    }

    public static IReadOnlyList<string> SmallTokenizers { get; } = Names("tokenizers", "*.json");

    public static IReadOnlyList<string> SentencePieceModels { get; } = Names("sentencepiece", "*.model");

    public static HfTokenizer Small(string name) => HfTokenizer.FromJson(JsonSerializer.SerializeToUtf8Bytes(Read("tokenizers/" + name).GetProperty("tokenizer")));

    /// <summary>The bytes of a small tokenizer's tokenizer.json.</summary>
    public static byte[] SmallJson(string name) => JsonSerializer.SerializeToUtf8Bytes(Read("tokenizers/" + name).GetProperty("tokenizer"));

    public static int[] Ids(JsonElement entry, string name) => [.. entry.GetProperty(name).EnumerateArray().Select(e => e.GetInt32())];

    public static string[] Strings(JsonElement entry, string name) => [.. entry.GetProperty(name).EnumerateArray().Select(e => e.GetString()!)];

    public static string Text(JsonElement entry, string name) => entry.GetProperty(name).GetString()!;

    private static string[] Names(string folder, string pattern) =>
        [.. Directory.EnumerateFiles(PathOf(folder), pattern).Select(file => Path.GetFileNameWithoutExtension(file)).Order(StringComparer.Ordinal)];
}
