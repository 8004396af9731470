using SglNative.Core.Configuration;

namespace SglNative.Core.Tests.Configuration;

public sealed class RopeConfigTests
{
    [Theory]
    [InlineData("""{"rope_theta":5e5,"rope_scaling":{"rope_type":"llama3","factor":8.0,"low_freq_factor":1.0,"high_freq_factor":4.0,"original_max_position_embeddings":8192}}""")]
    [InlineData("""{"rope_theta":5e5,"rope_scaling":{"type":"llama3","factor":8,"low_freq_factor":1,"high_freq_factor":4,"original_max_position_embeddings":8192}}""")]
    [InlineData("""{"rope_parameters":{"rope_theta":5e5,"rope_type":"llama3","factor":8.0,"low_freq_factor":1.0,"high_freq_factor":4.0,"original_max_position_embeddings":8192}}""")]
    [InlineData("""{"rope_scaling":null,"rope_parameters":{"full_attention":{"rope_theta":5e5,"rope_type":"llama3","factor":8.0,"low_freq_factor":1.0,"high_freq_factor":4.0,"original_max_position_embeddings":8192}}}""")]
    public void Both_styles_mean_the_same(string json) => Assert.Equal(
        new RopeConfig { Type = RopeType.Llama3, Theta = 500_000, Factor = 8, LowFreqFactor = 1, HighFreqFactor = 4, OriginalMaxPositionEmbeddings = 8192 },
        RopeConfig.From(JsonConfig.Parse(json, "config.json"), "full_attention"));

    [Fact]
    public void A_file_without_rotary_keys_means_the_defaults_of_its_architecture()
    {
        var rope = RopeConfig.From(JsonConfig.Parse("""{"max_position_embeddings":2048}""", "config.json")
            .WithDefaults("""{"rope_theta":25000,"partial_rotary_factor":0.25}"""));
        Assert.Equal((RopeType.Default, 25_000, 2048, 16), (rope.Type, rope.Theta, rope.MaxPositionEmbeddings, rope.RotaryDim(64)));
    }

    [Fact]
    public void An_override_in_the_published_style_wins_over_rope_parameters()
    {
        var config = JsonConfig.Parse("""{"max_position_embeddings":4096,"rope_parameters":{"rope_type":"default","rope_theta":1e6}}""", "config.json")
            .Merge(JsonConfig.Parse("""{"rope_scaling":{"rope_type":"yarn","factor":4.0,"original_max_position_embeddings":32768}}""", "override"));
        var rope = RopeConfig.From(config);
        Assert.Equal((RopeType.Yarn, 1e6, 4.0, 32768), (rope.Type, rope.Theta, rope.Factor, rope.OriginalMaxPositionEmbeddings));
    }

    [Theory]
    [InlineData("""{"rope_scaling":{"type":"spiral"}}""", "'rope_scaling.type' is 'spiral'; supported are default")]
    [InlineData("""{"rope_scaling":{"type":"linear"}}""", "'rope_scaling.factor' is missing")]
    [InlineData("""{"rope_scaling":{"type":"linear","factor":"two"}}""", "'rope_scaling.factor' must be a number, found the string 'two'")]
    [InlineData("""{"rope_scaling":{"type":"linear","factor":0}}""", "must be a positive number")]
    [InlineData("""{"rope_scaling":{"type":"linear","factor":NaN}}""", "must be a positive number")]
    [InlineData("""{"rope_scaling":{"type":"dynamic","factor":2}}""", "'max_position_embeddings' is missing")]
    [InlineData("""{"rope_scaling":{"type":"yarn","factor":2}}""", "'rope_scaling.original_max_position_embeddings' is missing")]
    [InlineData("""{"rope_scaling":{"type":"llama3","factor":2,"original_max_position_embeddings":9}}""", "low_freq_factor' is missing")]
    [InlineData("""{"rope_scaling":{"type":"longrope","short_factor":[1]}}""", "long_factor' is missing")]
    [InlineData("""{"rope_scaling":{"type":"longrope","short_factor":[1,"x"]}}""", "'rope_scaling.short_factor[1]' must be a number")]
    [InlineData("""{"rope_theta":-1}""", "'rope_theta' must be a positive number")]
    [InlineData("""{"rope_scaling":"linear"}""", "'rope_scaling' must be an object")]
    [InlineData("""{"rope_parameters":{"full_attention":{"rope_theta":1},"sliding_attention":{}}}""", "per layer type (full_attention, sliding_attention)")]
    public void A_bad_value_is_named(string json, string expected) =>
        Assert.Contains(expected, Assert.Throws<SglException>(() => RopeConfig.From(JsonConfig.Parse(json, "config.json"))).Message);

    [Fact]
    public void A_missing_layer_type_is_named() => Assert.Contains("'rope_parameters.sliding_attention' is missing",
        Assert.Throws<SglException>(() => RopeConfig.From(JsonConfig.Parse("""{"rope_parameters":{"full_attention":{"rope_theta":1}}}""", "config.json"), "sliding_attention")).Message);
}
