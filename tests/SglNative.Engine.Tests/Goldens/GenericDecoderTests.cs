using SglNative.Core;
using SglNative.Cpu;
using SglNative.Engine.Benchmarking;
using SglNative.Engine.Configuration;
using SglNative.Engine.Loading;
using SglNative.Models.Architectures.Generic;
using SglNative.Models.Registry;
using SglNative.Testing;

namespace SglNative.Engine.Tests.Goldens;

/// <summary>Goldens whose architecture nobody knows: served as their own class serves them, or refused by the name of the field in doubt.</summary>
public class GenericDecoderTests
{
    [Theory]
    [InlineData("llama3")]
    [InlineData("llama32_tied")]
    [InlineData("llama_bias")]
    [InlineData("llama_yarn")]
    [InlineData("qwen2")]
    [InlineData("qwen3")]
    [InlineData("wide_qwen3_windows")]
    [InlineData("phi3_longrope")]
    [InlineData("phi4_mini")]
    [InlineData("olmo2")]
    [InlineData("mixtral")]
    [InlineData("qwen2_moe")]
    [InlineData("wide_qwen2_moe_mixed")]
    [InlineData("wide_qwen3_moe_40_experts")]
    public void An_unknown_architecture_is_served_with_a_warning(string golden)
    {
        using var loaded = Load(golden, ModelImplementation.Auto, unknown: true);
        Assert.IsType<GenericForCausalLM>(loaded.Model);
        Assert.Contains("UnheardOfForCausalLM is not among the supported architectures", Assert.Single(loaded.Info.Warnings), StringComparison.Ordinal);
        using var reference = ReferenceFile.Open(Path.Combine(TestFiles.Golden(golden), "golden.safetensors"), loaded.Info.VocabSize);
        var report = ReferenceComparison.Run(Args(golden, ModelImplementation.Auto, unknown: true), loaded, reference);
        using var text = new StringWriter();
        report.Write(text);
        Assert.True(report.Passed, text.ToString());
    }

    [Theory]
    [InlineData("mistral", "'layer_types' is missing")]
    [InlineData("gemma", "does not know hidden_activation")]
    [InlineData("olmo", "does not know clip_qkv")]
    [InlineData("gpt_oss", "has no model.layers.0.mlp.gate_proj.weight")]
    public void What_is_in_doubt_is_named(string golden, string reason)
    {
        var error = Assert.Throws<SglException>(() => Load(golden, ModelImplementation.Auto, unknown: true));
        Assert.Contains("[UnheardOfForCausalLM] are not supported for now", error.Message, StringComparison.Ordinal);
        Assert.Contains(reason, error.Message, StringComparison.Ordinal);
        Assert.Contains(reason, Assert.Throws<SglException>(() => Load(golden, ModelImplementation.Generic, unknown: false)).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("rms_norm_eps", "cannot be sure of the kind of the norms")]
    [InlineData("hidden_act", "cannot be sure of the activation of the MLP")]
    [InlineData("rope_theta", "cannot be sure of the position embedding")]
    [InlineData("num_attention_heads", "num_attention_heads")]
    public void A_field_that_is_missing_is_named(string field, string reason)
    {
        var error = Assert.Throws<SglException>(() => Load("llama2", ModelImplementation.Generic, unknown: true, $", \"{field}\": null, \"rope_scaling\": null"));
        Assert.Contains(field, error.Message, StringComparison.Ordinal);
        Assert.Contains(reason, error.Message, StringComparison.Ordinal);
    }

    /// <summary>What would run and be wrong, since it changes the arithmetic and no tensor shows it.</summary>
    [Theory]
    [InlineData("\"model_type\": \"glm\"", "'model_type' is 'glm', a family that rotates neighbouring dimensions")]
    [InlineData("\"model_type\": \"nemotron\"", "multiplies by 1 + weight in its norms")]
    [InlineData("\"model_type\": \"smollm3\"", "'no_rope_layers' is missing")]
    [InlineData("\"model_type\": \"stablelm\"", "'partial_rotary_factor' is missing")]
    [InlineData("\"no_rope_layers\": [1]", "'no_rope_layers' has 1 entries")]
    [InlineData("\"logit_scale\": 0.5", "does not know logit_scale")]
    [InlineData("\"use_parallel_residual\": true", "does not know use_parallel_residual")]
    [InlineData("\"rope_parameters\": {\"rope_type\": \"default\", \"llama_4_scaling_beta\": 0.1}", "'rope_parameters.llama_4_scaling_beta' is a rotary parameter")]
    public void What_no_tensor_shows_is_refused_by_name(string field, string reason) =>
        Assert.Contains(reason, Assert.Throws<SglException>(() => Load("llama2", ModelImplementation.Generic, unknown: true, $", {field}")).Message, StringComparison.Ordinal);

    [Theory]
    [InlineData("\"hidden_act\": \"gelu_pytorch_tanh\"")]
    [InlineData("\"hidden_act\": \"silu\"")]
    [InlineData("\"no_rope_layers\": [1, 1, 1]")]
    [InlineData("\"residual_multiplier\": 0.9")]
    public void Fields_that_it_knows_count(string field)
    {
        var golden = field.Contains("multiplier", StringComparison.Ordinal) ? "wide_generic_granite" : field.Contains("rope", StringComparison.Ordinal) ? "wide_generic_smollm3" : "wide_generic_arcee";
        using var loaded = Load(golden, ModelImplementation.Auto, unknown: true, $", {field}");
        using var reference = ReferenceFile.Open(Path.Combine(TestFiles.Golden(golden), "golden.safetensors"), loaded.Info.VocabSize);
        Assert.False(ReferenceComparison.Run(Args(golden, ModelImplementation.Auto, unknown: true), loaded, reference).Passed);
    }

    [Fact]
    public void Native_never_falls_back_and_generic_serves_known_architectures_too()
    {
        var error = Assert.Throws<SglException>(() => Load("llama2", ModelImplementation.Native, unknown: true));
        Assert.DoesNotContain("generic", error.Message, StringComparison.Ordinal);
        using var loaded = Load("llama2", ModelImplementation.Generic, unknown: false);
        Assert.IsType<GenericForCausalLM>(loaded.Model);
        Assert.Empty(loaded.Info.Warnings);
    }

    private static ServerArgs Args(string golden, ModelImplementation implementation, bool unknown, string fields = "") => new()
    {
        ModelPath = TestFiles.Golden(golden), SkipTokenizerInit = true, Device = DeviceChoice.Cpu, DType = DTypeChoice.Float32, MaxTotalTokens = 4096,
        ModelImplementation = implementation, JsonModelOverrideArgs = unknown ? $"{{\"architectures\": [\"UnheardOfForCausalLM\"]{fields}}}" : "{}",
    };

    private static LoadedModel Load(string golden, ModelImplementation implementation, bool unknown, string fields = "")
    {
        var args = Args(golden, implementation, unknown, fields);
        return ModelLoader.Load(args, args.ModelPath!, () => new CpuBackend(new CpuOptions { Threads = 2 }), ModelRegistry.Default.Copy());
    }
}
