using System.Text.Json;
using SglNative.Core;

namespace SglNative.Tokenizers.Tests.SentencePieces;

/// <summary>SentencePiece models of all four kinds against the sentencepiece library.</summary>
public sealed class SentencePieceTests
{
    public static TheoryData<string> Names => [.. TestData.SentencePieceModels];

    private static string PathOf(string name) => TestData.PathOf($"sentencepiece/{name}.model");

    /// <summary>Control pieces in a text are special tokens here, as in transformers, and letters to the sentencepiece library.</summary>
    private static bool HasControl(string text) => text.Contains("<s>", StringComparison.Ordinal) || text.Contains("</s>", StringComparison.Ordinal);

    [Theory]
    [MemberData(nameof(Names))]
    public void Ids_and_texts_equal_the_reference(string name)
    {
        var tokenizer = HfTokenizer.Load(PathOf(name));
        var unknown = tokenizer.TokenToId("<unk>");
        foreach (var test in TestData.Read($"sentencepiece/{name}").GetProperty("cases").EnumerateArray())
        {
            var (text, ids) = (TestData.Text(test, "text"), TestData.Ids(test, "ids"));
            if (HasControl(text)) continue;
            var found = tokenizer.EncodeToIds(text, addSpecialTokens: false);
            Assert.True(ids.SequenceEqual(found), $"{JsonSerializer.Serialize(text)}: expected {Spell(tokenizer, ids)}, got {Spell(tokenizer, found)}");
            if (ids.Any(id => id == unknown)) continue;
            Assert.Equal(TestData.Text(test, "decoded"), tokenizer.Decode(ids, skipSpecialTokens: false));
        }
    }

    [Fact]
    public void Configured_tokens_surround_texts_and_are_found_in_them()
    {
        using var folder = new TemporaryFolder();
        File.Copy(PathOf("bpe_bytes"), folder.PathOf("tokenizer.model"));
        folder.Write("tokenizer_config.json", """
            {"tokenizer_class": "LlamaTokenizer", "add_bos_token": true, "add_eos_token": true, "legacy": false, "bos_token": {"content": "<s>"}, "eos_token": "</s>",
             "added_tokens_decoder": {"700": {"content": "<|user|>", "special": true}}}
            """);
        folder.Write("added_tokens.json", """{"<tool>": 705}""");
        var tokenizer = HfTokenizer.Load(folder.Path);
        var bare = HfTokenizer.Load(PathOf("bpe_bytes"));
        Assert.Equal([1, .. bare.EncodeToIds("the fox", false), 2], tokenizer.EncodeToIds("the fox"));
        // Without the legacy behaviour, only the text's beginning gets a space in front.
        var ids = tokenizer.EncodeToIds("the<|user|>the</s>the<tool>", false);
        var begins = bare.EncodeToIds("the", false);
        Assert.Equal(begins, ids[..begins.Length]);
        Assert.Equal([700, 2, 705], ids.Where(id => id is 700 or 2 or 705));
        Assert.NotEqual(begins, ids[(begins.Length + 1)..Array.IndexOf(ids, 2)]);
        Assert.Equal("the<|user|>the</s>the<tool>", tokenizer.Decode(ids, false));
        Assert.Equal("thethethe<tool>", tokenizer.Decode(ids, true));
        var legacy = bare.EncodeToIds("the</s>the", false);
        Assert.Equal([.. begins, 2, .. begins], legacy);
    }

    [Theory]
    [InlineData("T5Tokenizer", false, true)]
    [InlineData("LlamaTokenizer", true, false)]
    [InlineData("GemmaTokenizer", true, false)]
    public void What_surrounds_a_text_follows_from_the_class_where_the_configuration_is_silent(string name, bool bos, bool eos)
    {
        using var folder = new TemporaryFolder();
        File.Copy(PathOf("unigram"), folder.PathOf("spiece.model"));
        folder.Write("tokenizer_config.json", $$"""{"tokenizer_class": "{{name}}"}""");
        var ids = HfTokenizer.Load(folder.Path).EncodeToIds("a");
        Assert.Equal((bos, eos), (ids[0] == 1, ids[^1] == 2));
    }

    [Fact]
    public void Malformed_models_are_one_line()
    {
        var whole = File.ReadAllBytes(PathOf("unigram"));
        using var folder = new TemporaryFolder();
        foreach (var length in new[] { 1, 2, 10, whole.Length / 2, whole.Length - 1 })
        {
            File.WriteAllBytes(folder.PathOf("tokenizer.model"), whole[..length]);
            var error = Assert.Throws<SglException>(() => HfTokenizer.Load(folder.Path));
            Assert.StartsWith(folder.PathOf("tokenizer.model") + ": ", error.Message, StringComparison.Ordinal);
            Assert.DoesNotContain('\n', error.Message);
        }
        folder.Write("tokenizer_config.json", """{"tokenizer_class": "XLMRobertaTokenizer"}""");
        File.WriteAllBytes(folder.PathOf("tokenizer.model"), whole);
        Assert.Contains("its tokenizer.json is needed", Assert.Throws<SglException>(() => HfTokenizer.Load(folder.Path)).Message, StringComparison.Ordinal);
    }

    private static string Spell(HfTokenizer tokenizer, IEnumerable<int> ids) => string.Join(' ', ids.Select(tokenizer.IdToToken));
}
