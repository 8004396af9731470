using System.Text.Json;
using SglNative.Core.Configuration;

namespace SglNative.Core.Tests.Configuration;

/// <summary>Against transformers' own functions; make_rope_reference.py wrote the numbers.</summary>
public sealed class RopeFrequenciesTests
{
    private static readonly JsonElement[] Cases = Load();

    public static TheoryData<int, string> Names =>
        new(Cases.Select((c, i) => (i, $"{c.GetProperty("name").GetString()} {c.GetProperty("layer_type")} {c.GetProperty("length")}")));

    [Theory, MemberData(nameof(Names))]
    public void Equal_those_of_transformers(int index, string name)
    {
        var expected = Cases[index];
        var config = JsonConfig.Parse(expected.GetProperty("config").GetRawText(), name);
        var rope = RopeConfig.From(config, expected.GetProperty("layer_type").GetString());
        var actual = RopeFrequencies.Compute(rope, rope.RotaryDim(expected.GetProperty("head_dim").GetInt32()), expected.GetProperty("length").GetInt32());
        Assert.Equal((float)expected.GetProperty("scaling").GetDouble(), actual.AttentionScaling);
        var inverse = expected.GetProperty("inverse").EnumerateArray().Select(e => (float)e.GetDouble()).ToArray();
        Assert.Equal(inverse.Length, actual.Inverse.Length);
        // Their power function may differ from a correctly rounded one by a unit in the last place, which scaling can double.
        for (var i = 0; i < inverse.Length; i++)
            Assert.True(UlpsBetween(inverse[i], actual.Inverse[i]) <= 2, $"pair {i}: expected {inverse[i]:r}, got {actual.Inverse[i]:r}");
    }

    [Fact]
    public void Most_are_equal_to_the_last_bit()
    {
        var (equal, all) = (0, 0);
        foreach (var expected in Cases)
        {
            var rope = RopeConfig.From(JsonConfig.Parse(expected.GetProperty("config").GetRawText(), "x"), expected.GetProperty("layer_type").GetString());
            var actual = RopeFrequencies.Compute(rope, rope.RotaryDim(expected.GetProperty("head_dim").GetInt32()), expected.GetProperty("length").GetInt32());
            foreach (var (theirs, ours) in expected.GetProperty("inverse").EnumerateArray().Select(e => (float)e.GetDouble()).Zip(actual.Inverse))
                (equal, all) = (equal + (theirs == ours ? 1 : 0), all + 1);
        }
        Assert.True(equal > 0.95 * all, $"{equal} of {all}");
    }

    [Fact]
    public void Factors_that_do_not_fit_the_head_are_a_user_error()
    {
        var rope = RopeConfig.From(JsonConfig.Parse(
            """{"max_position_embeddings":64,"rope_scaling":{"type":"longrope","original_max_position_embeddings":16,"short_factor":[1,2],"long_factor":[1]}}""", "config.json"));
        Assert.Contains("has 1 numbers", Assert.Throws<SglException>(() => RopeFrequencies.Compute(rope, 4, 17)).Message);
        Assert.Equal(2, RopeFrequencies.Compute(rope, 4, 16).Inverse.Length);
        Assert.Throws<SglException>(() => RopeFrequencies.Compute(rope, 3, 16));
    }

    private static int UlpsBetween(float a, float b) => Math.Abs(BitConverter.SingleToInt32Bits(a) - BitConverter.SingleToInt32Bits(b));

    private static JsonElement[] Load()
    {
        using var document = JsonDocument.Parse(File.ReadAllBytes(Path.Combine(AppContext.BaseDirectory, "Configuration", "rope_reference.json")));
        return document.RootElement.EnumerateArray().Select(e => e.Clone()).ToArray();
    }
}
