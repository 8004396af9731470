using SglNative.Core;
using SglNative.Core.Configuration;
using SglNative.Models.Registry;

namespace SglNative.Models.Tests.Registry;

public class ModelRegistryTests
{
    [Theory]
    [InlineData("LlamaForCausalLM")]
    [InlineData("MistralForCausalLM")]
    [InlineData("Qwen2ForCausalLM")]
    [InlineData("Qwen3ForCausalLM")]
    public void The_architectures_of_the_package_are_there(string name)
    {
        var entry = ModelRegistry.Default.Resolve([name]);
        Assert.Equal((name, name, "SglNative.Models"), (entry.Name, entry.ClassName, entry.Package));
    }

    [Fact]
    public void The_first_known_name_counts() =>
        Assert.Equal("MistralForCausalLM", ModelRegistry.Default.Resolve(["Unknown", "MistralForCausalLM", "LlamaForCausalLM"]).Name);

    [Theory]
    [InlineData("Qwen4ForCausalLM", "nearest: Qwen2ForCausalLM")]
    [InlineData("LLaMAForCausalLM", "nearest: LlamaForCausalLM")]
    [InlineData("Mixtral", "nearest: ")]
    public void An_unknown_name_gets_the_nearest_and_all_there_are(string name, string nearest)
    {
        var message = Refusal(name);
        Assert.StartsWith($"Model architectures [{name}] are not supported for now. Supported architectures: ", message, StringComparison.Ordinal);
        foreach (var known in ModelRegistry.Default.Models.Keys) Assert.Contains(known, message, StringComparison.Ordinal);
        Assert.Contains(nearest, message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("LlavaForConditionalGeneration", "take images or audio, which is not supported yet")]
    [InlineData("Qwen2VLForConditionalGeneration", "take images or audio, which is not supported yet")]
    [InlineData("MllamaForConditionalGeneration", "take images or audio, which is not supported yet")]
    [InlineData("T5ForConditionalGeneration", "are encoder-decoder models, which are not supported: use a decoder-only")]
    [InlineData("MBartForConditionalGeneration", "are encoder-decoder models, which are not supported: use a decoder-only")]
    [InlineData("BertModel", "are embedding, reward or classification models, which are not supported yet")]
    [InlineData("LlamaForSequenceClassification", "are embedding, reward or classification models, which are not supported yet")]
    [InlineData("Qwen2ForRewardModel", "are embedding, reward or classification models, which are not supported yet")]
    public void Vision_embedding_and_encoder_decoder_have_lines_of_their_own(string name, string message)
    {
        Assert.Contains(message, Refusal(name), StringComparison.Ordinal);
        Assert.DoesNotContain("nearest", Refusal(name), StringComparison.Ordinal);
    }

    [Fact]
    public void No_name_at_all_is_said() =>
        Assert.Matches(@"^Model architectures \[\] are not supported for now\. Supported architectures: .*; config\.json names no architectures", Refusal());

    [Fact]
    public void A_copy_is_independent()
    {
        var copy = ModelRegistry.Default.Copy();
        copy.Register("MyForCausalLM", (_, _) => throw new NotSupportedException(), package: "mine");
        Assert.Equal("mine", copy.Resolve(["MyForCausalLM"]).Package);
        Assert.False(ModelRegistry.Default.Models.ContainsKey("MyForCausalLM"));
    }

    private static string Refusal(params string[] names) => Assert.Throws<SglException>(() => ModelRegistry.Default.Resolve(names)).Message;
}
