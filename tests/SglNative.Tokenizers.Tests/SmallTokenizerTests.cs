using System.Text.Json;

namespace SglNative.Tokenizers.Tests;

/// <summary>Whole tokenizers of this project's own making, which between them have every component, against the reference library.</summary>
public sealed class SmallTokenizerTests
{
    public static TheoryData<string> Names => [.. TestData.SmallTokenizers];

    [Theory]
    [MemberData(nameof(Names))]
    public void Ids_and_texts_equal_the_reference(string name)
    {
        var tokenizer = TestData.Small(name);
        foreach (var test in TestData.Read("tokenizers/" + name).GetProperty("cases").EnumerateArray())
        {
            var text = TestData.Text(test, "text");
            var ids = TestData.Ids(test, "ids_no_special");
            AssertSame(text, TestData.Ids(test, "ids"), tokenizer.EncodeToIds(text, addSpecialTokens: true));
            AssertSame(text, ids, tokenizer.EncodeToIds(text, addSpecialTokens: false));
            AssertSame(text, TestData.Text(test, "decoded"), tokenizer.Decode(ids, skipSpecialTokens: false));
            AssertSame(text, TestData.Text(test, "decoded_skip_special"), tokenizer.Decode(ids, skipSpecialTokens: true));
        }
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Pairs_are_joined_as_the_reference_does(string name)
    {
        var tokenizer = TestData.Small(name);
        foreach (var test in TestData.Read("tokenizers/" + name).GetProperty("pairs").EnumerateArray())
            Assert.Equal(TestData.Ids(test, "ids"), tokenizer.EncodePair(TestData.Text(test, "text"), TestData.Text(test, "second")));
    }

    private static void AssertSame<T>(string text, IEnumerable<T> expected, IEnumerable<T> actual) => Assert.True(
        expected.SequenceEqual(actual), $"{JsonSerializer.Serialize(text)}: expected {JsonSerializer.Serialize(expected)}, got {JsonSerializer.Serialize(actual)}");
}
