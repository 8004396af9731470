using System.Text;
using System.Text.Json;
using Microsoft.ML.Tokenizers;
using SglNative.Core;

namespace SglNative.Tokenizers.Tests;

/// <summary>tiktoken files: against the package's own reader where that is exact, and against the same vocabulary as a tokenizer.json.</summary>
public sealed class TiktokenTests
{
    private const string Pattern = @"'(?i:[sdmt]|ll|ve|re)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}{1,3}| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+";

    /// <summary>The small byte-level vocabulary as tiktoken writes one: the ids are the order of merging.</summary>
    private static string File()
    {
        var vocabulary = TestData.Read("tokenizers/byte_level").GetProperty("tokenizer").GetProperty("model").GetProperty("vocab");
        var bytes = TestData.Small("byte_level");
        return string.Concat(vocabulary.EnumerateObject().OrderBy(t => t.Value.GetInt32()).Select(t => $"{Convert.ToBase64String(bytes.TokenBytes(t.Value.GetInt32()))} {t.Value.GetInt32()}\n"));
    }

    [Fact]
    public void Ids_equal_the_packages_tokenizer_on_the_basic_plane()
    {
        using var folder = new TemporaryFolder();
        folder.Write("tokenizer.model", File());
        var ours = HfTokenizer.Load(folder.Path);
        using var stream = new MemoryStream(Encoding.UTF8.GetBytes(File()));
        var theirs = TiktokenTokenizer.Create(stream, new RegexPreTokenizer(new(Pattern), null), null);
        var random = new RandomText(7);
        var compared = 0;
        for (var i = 0; i < 3000; i++)
        {
            var text = random.Next();
            if (text.Any(char.IsSurrogate)) continue;
            compared++;
            Assert.Equal(theirs.EncodeToIds(text), ours.EncodeToIds(text, addSpecialTokens: false));
        }
        Assert.True(compared > 1000);
    }

    [Fact]
    public void Families_have_their_pattern_and_special_tokens()
    {
        using var folder = new TemporaryFolder();
        var count = TestData.Read("tokenizers/byte_level").GetProperty("tokenizer").GetProperty("model").GetProperty("vocab").EnumerateObject().Count();
        folder.Write("qwen.tiktoken", File());
        var qwen = HfTokenizer.Load(folder.Path);
        Assert.Equal([count + 1, .. qwen.EncodeToIds("user", false), count + 2], qwen.EncodeToIds("<|im_start|>user<|im_end|>"));
        // Qwen splits digits one by one, Llama 3 by threes, which the vocabulary of the same file shows.
        foreach (var test in TestData.Read("tokenizers/qwen_like").GetProperty("cases").EnumerateArray())
        {
            var text = TestData.Text(test, "text");
            if (!text.IsNormalized() || text.Contains('<') || text.Contains("world", StringComparison.Ordinal) || text.Any(c => c > 127)) continue;
            Assert.Equal(TestData.Ids(test, "ids"), qwen.EncodeToIds(text));
        }
        folder.Write("llama/tokenizer.model", File());
        var llama = HfTokenizer.Load(folder.PathOf("llama"));
        Assert.Equal(count, llama.TokenToId("<|begin_of_text|>"));
        Assert.Equal(count + 9, llama.TokenToId("<|eot_id|>"));
        Assert.Equal(256, Enumerable.Range(count, 300).Count(id => llama.IsSpecial(id)));
        var added = $"{{\"{count + 3}\": {{\"content\": \"[BOS]\", \"special\": true}}}}";
        folder.Write("llama/tokenizer_config.json", $$"""{"add_bos_token": true, "bos_token": "[BOS]", "added_tokens_decoder": {{added}} }""");
        Assert.Equal([count + 3], HfTokenizer.Load(folder.PathOf("llama")).EncodeToIds(""));
    }

    [Theory]
    [InlineData("YQ== 0\nYQ== 1\n", "line 2 has a token that was there before")]
    [InlineData("YQ== 0\nYg== 0\n", "line 2 has the rank 0, which was there before")]
    [InlineData("YQ== 0\nYg 1\n", "line 2 should be a token in base64 and its rank")]
    [InlineData("YQ== 0\nYg== x\n", "line 2 should be a token in base64 and its rank")]
    [InlineData("YQ== 0\nYg== 999999999\n", "line 2: vocab: the id 999999999")]
    public void Malformed_files_are_one_line(string content, string message)
    {
        using var folder = new TemporaryFolder();
        folder.Write("x.tiktoken", content);
        var error = Assert.Throws<SglException>(() => HfTokenizer.Load(folder.Path));
        Assert.Contains(message, error.Message, StringComparison.Ordinal);
    }
}
