using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using SglNative.Tokenizers.Json;

namespace SglNative.Tokenizers.Tests.Components;

/// <summary>Each normalizer against the reference library's.</summary>
public sealed class NormalizerTests
{
    private static readonly JsonElement Golden = TestData.Read("normalizers");

    public static TheoryData<int> All => [.. Enumerable.Range(0, Golden.GetProperty("components").GetArrayLength())];

    [Theory]
    [MemberData(nameof(All))]
    public void Texts_equal_the_reference(int index)
    {
        var component = Golden.GetProperty("components")[index];
        var config = JsonNode.Parse(component.GetProperty("config").GetRawText())!.AsObject();
        if (config["type"]!.GetValue<string>() == "Precompiled") config["precompiled_charsmap"] = TestData.Text(Golden, "charsmap");
        var normalizer = NormalizerReader.Read(JsonSerializer.SerializeToElement(config), "normalizer")!;
        foreach (var test in component.GetProperty("cases").EnumerateArray())
        {
            var text = Encoding.UTF8.GetBytes(TestData.Text(test, "text"));
            var normalized = normalizer.Normalize(text);
            Assert.Equal(TestData.Text(test, "normalized"), Encoding.UTF8.GetString(normalized));
            if (normalizer.LeavesAlone(text)) Assert.Equal(text, normalized);
        }
    }
}
