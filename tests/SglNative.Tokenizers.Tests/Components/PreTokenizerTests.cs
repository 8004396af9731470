using System.Text;
using System.Text.Json;
using SglNative.Tokenizers.Json;
using SglNative.Tokenizers.PreTokenizers;

namespace SglNative.Tokenizers.Tests.Components;

/// <summary>Each pre-tokenizer, and many regexes, against the reference library's.</summary>
public sealed class PreTokenizerTests
{
    private static readonly JsonElement Golden = TestData.Read("pre_tokenizers");

    public static TheoryData<int> All => [.. Enumerable.Range(0, Golden.GetProperty("components").GetArrayLength())];

    [Theory]
    [MemberData(nameof(All))]
    public void Pieces_equal_the_reference(int index)
    {
        var component = Golden.GetProperty("components")[index];
        var pre = new PreTokenizerReader(keepsBytes: false).Read(component.GetProperty("config"), "pre_tokenizer")!;
        var pieces = new PieceList();
        foreach (var test in component.GetProperty("cases").EnumerateArray())
        {
            var text = TestData.Text(test, "text");
            pieces.Reset(Encoding.UTF8.GetBytes(text), atStart: true);
            pre.Apply(pieces);
            var found = Enumerable.Range(0, pieces.Count).Select(i => Encoding.UTF8.GetString(pieces.TextOf(i)));
            Assert.True(TestData.Strings(test, "pieces").Where(p => p.Length > 0).SequenceEqual(found),
                $"{component.GetProperty("config")} on {JsonSerializer.Serialize(text)}: expected {test.GetProperty("pieces")}, got {JsonSerializer.Serialize(found)}");
        }
    }
}
