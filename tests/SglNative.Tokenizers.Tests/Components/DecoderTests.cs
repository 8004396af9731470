using System.Text;
using System.Text.Json;
using SglNative.Tokenizers.Decoders;
using SglNative.Tokenizers.Json;
using Decoder = SglNative.Tokenizers.Decoders.Decoder;

namespace SglNative.Tokenizers.Tests.Components;

/// <summary>Each decoder against the reference library's.</summary>
public sealed class DecoderTests
{
    private static readonly JsonElement Golden = TestData.Read("decoders");

    public static TheoryData<int> All => [.. Enumerable.Range(0, Golden.GetProperty("components").GetArrayLength())];

    [Theory]
    [MemberData(nameof(All))]
    public void Texts_equal_the_reference(int index)
    {
        var component = Golden.GetProperty("components")[index];
        var decoders = DecoderReader.Read(component.GetProperty("config"), "decoder");
        foreach (var test in component.GetProperty("cases").EnumerateArray())
        {
            var output = new OutputStage();
            var stage = Decoder.Link(decoders, output);
            foreach (var token in TestData.Strings(test, "tokens")) stage.Push(Encoding.UTF8.GetBytes(token));
            stage.Finish();
            var text = Encoding.UTF8.GetString(output.Text.Span);
            Assert.True(TestData.Text(test, "text") == text,
                $"{component.GetProperty("config")} on {test.GetProperty("tokens")}: expected {test.GetProperty("text")}, got {JsonSerializer.Serialize(text)}");
        }
    }
}
