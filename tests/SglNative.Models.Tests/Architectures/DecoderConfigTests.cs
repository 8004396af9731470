using System.Reflection;
using System.Text.Json.Nodes;
using SglNative.Core;
using SglNative.Core.Configuration;
using SglNative.Core.Tensors;
using SglNative.Models.Architectures;
using SglNative.Models.Caching;
using SglNative.Models.Operations;

namespace SglNative.Models.Tests.Architectures;

/// <summary>What the fields of config.json make of a model.</summary>
public class DecoderConfigTests
{
    [Fact]
    public void What_is_left_out_has_the_defaults_of_the_family()
    {
        var config = DecoderConfig.From(Json("""{"hidden_size": 64, "num_attention_heads": 4, "vocab_size": 100, "intermediate_size": 96, "num_hidden_layers": 3}"""));
        Assert.Equal((4, 4, 16), (config.Attention.Heads, config.Attention.KvHeads, config.Attention.HeadDim));
        Assert.Equal((1e-6f, false, GatedActivation.Silu, false, false), (config.NormEps, config.TieWordEmbeddings, config.Activation, config.MlpBias, config.Attention.QkvBias));
        Assert.Empty(config.Windows);
        Assert.Equal(10_000, config.Attention.Rope!.Theta);
    }

    /// <summary>As the classes of transformers 5.12 have them; the second value is another, by which one sees that the field counts.</summary>
    [Theory]
    [InlineData("mistral", "sliding_window", "4096", "8")]
    [InlineData("mistral", "num_key_value_heads", "8", "4")]
    [InlineData("mixtral", "rms_norm_eps", "1e-5", "1e-6")]
    [InlineData("mixtral", "rope_theta", "1e6", "1e4")]
    [InlineData("gemma", "hidden_act", "\"gelu_pytorch_tanh\"", "\"gelu\"")]
    [InlineData("gemma", "tie_word_embeddings", "true", "false")]
    [InlineData("gemma2", "sliding_window", "4096", "8")]
    [InlineData("gemma2", "hidden_activation", "\"gelu_pytorch_tanh\"", "\"gelu\"")]
    [InlineData("gemma2", "final_logit_softcapping", "30", "null")]
    [InlineData("phi3", "rms_norm_eps", "1e-5", "1e-6")]
    [InlineData("olmo2", "rms_norm_eps", "1e-5", "1e-6")]
    [InlineData("gpt_oss", "sliding_window", "128", "8")]
    [InlineData("gpt_oss", "attention_bias", "true", "false")]
    [InlineData("gpt_oss", "rope_scaling", """{"rope_type": "yarn", "factor": 32, "original_max_position_embeddings": 4096, "truncate": false}""", """{"type": "linear", "factor": 32}""")]
    [InlineData("deepseek_v3", "n_shared_experts", "1", "2")]
    [InlineData("deepseek_v3", "topk_group", "4", "3")]
    [InlineData("qwen3_next", "partial_rotary_factor", "0.25", "0.5")]
    [InlineData("qwen3_next", "linear_conv_kernel_dim", "4", "3")]
    [InlineData("lfm2", "rope_theta", "1e6", "1e4")]
    public void A_field_that_is_left_out_means_what_its_family_says(string golden, string field, string value, string other)
    {
        const string room = """{"num_attention_heads": 8, "n_routed_experts": 64, "n_group": 8, "topk_group": 4}""";
        var expected = Describe(value);
        Assert.NotEqual(expected, Describe(other));
        Assert.Equal(expected, Describe(null));

        string Describe(string? given)
        {
            var json = JsonNode.Parse(File.ReadAllText(Path.Combine(TestFiles.Golden(golden), "config.json")))!.AsObject();
            foreach (var (key, size) in JsonNode.Parse(room)!.AsObject()) json[key] = size!.DeepClone();
            json.Remove(field);
            if (given is not null) json[field] = JsonNode.Parse(given);
            using var model = ModelUnderTest.Of(Json(json.ToJsonString()));
            var config = (DecoderConfig)typeof(DecoderForCausalLM).GetProperty("Config", BindingFlags.Instance | BindingFlags.NonPublic)!.GetValue(model.Model)!;
            return $"{config}, windows {string.Join(' ', config.Windows)}, {string.Join(' ', model.Build.Parameters.Select(parameter => parameter.Shape))}";
        }
    }

    /// <summary>transformers 5 has one name for Gemma's activation and another for Gemma 2's; files hold both.</summary>
    [Theory]
    [InlineData("gemma", "hidden_act", "hidden_activation")]
    [InlineData("gemma2", "hidden_activation", "hidden_act")]
    public void Each_Gemma_has_its_own_name_for_the_activation(string golden, string read, string ignored)
    {
        Assert.Throws<SglException>(() => ModelUnderTest.Of(ModelUnderTest.Config(golden, $"{{\"{read}\": \"none\"}}")));
        if (golden == "gemma") ModelUnderTest.Of(ModelUnderTest.Config(golden, $"{{\"{ignored}\": \"none\"}}")).Dispose();
    }

    [Theory]
    [InlineData("silu", GatedActivation.Silu)]
    [InlineData("gelu", GatedActivation.Gelu)]
    [InlineData("gelu_new", GatedActivation.GeluTanh)]
    [InlineData("gelu_pytorch_tanh", GatedActivation.GeluTanh)]
    public void Activations_are_named_as_in_transformers(string name, GatedActivation expected) =>
        Assert.Equal(expected, DecoderConfig.From(ModelUnderTest.Config("llama2", $$"""{"hidden_act": "{{name}}"}""")).Activation);

    [Theory]
    [InlineData("llama2", "{}", "")]
    [InlineData("mistral", "{}", "8 8")]
    [InlineData("mistral", """{"sliding_window": null}""", "")]
    [InlineData("qwen2", """{"use_sliding_window": true, "sliding_window": 8, "max_window_layers": 1, "layer_types": null}""", "0 8")]
    [InlineData("qwen2", """{"use_sliding_window": false, "sliding_window": 8, "max_window_layers": 0, "layer_types": null}""", "")]
    [InlineData("qwen3", """{"use_sliding_window": true, "sliding_window": 8, "layer_types": ["sliding_attention", "full_attention"]}""", "8 0")]
    public void Windows_are_those_of_the_layers(string golden, string overrides, string windows)
    {
        using var model = ModelUnderTest.Of(ModelUnderTest.Config(golden, overrides));
        var actual = model.Build.Caches.Select(cache => cache is CacheSpec.Sliding sliding ? sliding.Window : 0).ToArray();
        Assert.Equal(windows.Length == 0 ? [0, 0] : windows.Split(' ').Select(int.Parse), actual);
    }

    [Theory]
    [InlineData("llama2", false, false)]
    [InlineData("llama_bias", true, false)]
    [InlineData("qwen2", true, false)]
    [InlineData("qwen3", false, true)]
    public void Biases_and_norms_of_heads_are_declared_where_the_family_has_them(string golden, bool bias, bool norm)
    {
        using var model = ModelUnderTest.Of(ModelUnderTest.Config(golden));
        var names = model.Build.Parameters.Select(parameter => parameter.Name).ToHashSet();
        Assert.Equal(bias, names.Contains("model.layers.0.self_attn.qkv_proj.bias"));
        Assert.Equal(bias && golden != "qwen2", names.Contains("model.layers.0.self_attn.o_proj.bias"));
        Assert.Equal(norm, names.Contains("model.layers.0.self_attn.q_norm.weight"));
    }

    [Fact]
    public void A_head_may_be_wider_than_its_share_of_the_residual()
    {
        using var model = ModelUnderTest.Of(ModelUnderTest.Config("llama2", """{"head_dim": 48, "num_key_value_heads": 1}"""));
        Assert.Equal(new Shape(2 * 48 + 2 * 48, 32), model.Parameter("model.layers.0.self_attn.qkv_proj.weight").Shape);
        Assert.Equal(new Shape(32, 2 * 48), model.Parameter("model.layers.0.self_attn.o_proj.weight").Shape);
        // Qwen 3 has heads of 128 where nothing is said.
        using var qwen = ModelUnderTest.Of(ModelUnderTest.Config("qwen3", """{"head_dim": null}"""));
        Assert.Equal(new Shape(32, 4 * 128), qwen.Parameter("model.layers.0.self_attn.o_proj.weight").Shape);
    }

    [Theory]
    [InlineData("""{"hidden_size": 0}""", "'hidden_size' is 0, expected 1 to ")]
    [InlineData("""{"hidden_size": null}""", "'hidden_size' is missing")]
    [InlineData("""{"hidden_size": "32"}""", "'hidden_size' must be an integer, found the string '32'")]
    [InlineData("""{"num_attention_heads": -1}""", "'num_attention_heads' is -1, expected 1 to ")]
    [InlineData("""{"num_attention_heads": 2000000000}""", "'num_attention_heads' is 2000000000, expected 1 to ")]
    [InlineData("""{"num_key_value_heads": 3}""", "'num_key_value_heads' is 3, expected a divisor of num_attention_heads = 2")]
    [InlineData("""{"num_key_value_heads": 0}""", "'num_key_value_heads' is 0")]
    [InlineData("""{"head_dim": 0}""", "'head_dim' is 0, expected 1 to ")]
    [InlineData("""{"head_dim": 2147483647}""", "'head_dim' is 2147483647, expected 1 to ")]
    [InlineData("""{"num_hidden_layers": 2147483647}""", "'num_hidden_layers' is 2147483647, expected 1 to ")]
    [InlineData("""{"num_hidden_layers": 1e300}""", "'num_hidden_layers' must be an integer of at most 32 bits")]
    [InlineData("""{"vocab_size": 2.5}""", "'vocab_size' must be an integer, found the number 2.5")]
    [InlineData("""{"rms_norm_eps": NaN}""", "'rms_norm_eps' is NaN, expected a small number from 0")]
    [InlineData("""{"rms_norm_eps": -1}""", "'rms_norm_eps' is -1")]
    [InlineData("""{"hidden_act": "relu6"}""", "'hidden_act' is 'relu6', expected silu")]
    [InlineData("""{"tie_word_embeddings": 1}""", "'tie_word_embeddings' must be true or false")]
    [InlineData("""{"rope_theta": -5}""", "'rope_theta' must be a positive number")]
    [InlineData("""{"rope_scaling": {"rope_type": "spiral"}}""", "is 'spiral'; supported are default, linear")]
    [InlineData("""{"rope_scaling": {"rope_type": "linear"}}""", "factor' is missing")]
    public void What_makes_no_sense_is_named(string overrides, string message)
    {
        var e = Assert.Throws<SglException>(() => DecoderConfig.From(ModelUnderTest.Config("llama2", overrides)));
        Assert.Contains(message, e.Message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', e.Message);
    }

    [Theory]
    [InlineData("""{"sliding_window": 0}""", "'sliding_window' is 0, expected at least 1")]
    [InlineData("""{"layer_types": ["full_attention"]}""", "'layer_types' has 1 entries, expected num_hidden_layers = 2")]
    [InlineData("""{"layer_types": ["full_attention", "linear_attention"]}""", "'layer_types' holds 'linear_attention'")]
    public void Windows_that_make_no_sense_are_named(string overrides, string message)
    {
        var e = Assert.Throws<SglException>(() => ModelUnderTest.Of(ModelUnderTest.Config("mistral", overrides)));
        Assert.Contains(message, e.Message, StringComparison.Ordinal);
    }

    private static JsonConfig Json(string text) => JsonConfig.Parse(text, "config.json");
}
