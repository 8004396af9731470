using System.Text.Json;

namespace SglNative.Tokenizers.Tests.Oracle;

/// <summary>Random Unicode texts and random ids, encoded and decoded by the reference library itself.</summary>
public sealed class LiveOracleTests
{
    private const int Texts = 300;

    public static TheoryData<string> Small => [.. TestData.SmallTokenizers];

    public static TheoryData<string> Published => GoldenTests.Names;

    [Theory]
    [MemberData(nameof(Small))]
    public void Small_tokenizers_agree(string name)
    {
        using var reference = ReferenceLibrary.Start();
        var json = TestData.SmallJson(name);
        reference.Ask(new { json = System.Text.Encoding.UTF8.GetString(json) });
        Compare(reference, HfTokenizer.FromJson(json), name);
    }

    [Theory]
    [MemberData(nameof(Published))]
    public void Published_tokenizers_agree(string name)
    {
        var tokenizer = PublishedTokenizers.Load(name);
        using var reference = ReferenceLibrary.Start();
        reference.Ask(new { load = Path.Combine(PublishedTokenizers.Find(name)!, "tokenizer.json") });
        Compare(reference, tokenizer, name);
    }

    private static void Compare(ReferenceLibrary reference, HfTokenizer tokenizer, string name)
    {
        // A fresh seed a day finds what a fixed one never would; it is in the message.
        var seed = DateTime.UtcNow.DayOfYear * 1000 + name.Length;
        var random = new RandomText(seed);
        var texts = Enumerable.Range(0, Texts).Select(_ => random.Next(12)).ToArray();
        foreach (var special in new[] { true, false })
        {
            var expected = reference.Ask(new { tokenize = texts, special }).GetProperty("ids");
            for (var i = 0; i < texts.Length; i++)
                AssertSame(texts[i], expected[i].EnumerateArray().Select(id => id.GetInt32()), tokenizer.EncodeToIds(texts[i], special), seed);
        }
        var numbers = new Random(seed);
        var ids = Enumerable.Range(0, Texts).Select(_ => Enumerable.Range(0, numbers.Next(1, 14)).Select(_ => numbers.Next(numbers.Next(4) == 0 ? tokenizer.IdLimit : Math.Min(tokenizer.IdLimit, 300))).ToArray()).ToArray();
        foreach (var skip in new[] { true, false })
        {
            var expected = reference.Ask(new { detokenize = ids, skip }).GetProperty("texts");
            for (var i = 0; i < ids.Length; i++)
                AssertSame(JsonSerializer.Serialize(ids[i]), expected[i].GetString()!, tokenizer.Decode(ids[i], skip), seed);
        }
    }

    private static void AssertSame<T>(string input, IEnumerable<T> expected, IEnumerable<T> actual, int seed) => Assert.True(expected.SequenceEqual(actual),
        $"seed {seed}, {JsonSerializer.Serialize(input)}: expected {JsonSerializer.Serialize(expected)}, got {JsonSerializer.Serialize(actual)}");
}
