using SglNative.Core;
using SglNative.Core.Configuration;
using SglNative.Engine.Configuration;
using SglNative.Engine.Loading;
using SglNative.Models.Architectures;
using SglNative.Models.Registry;

namespace SglNative.Engine.Tests.Loading;

/// <summary>A check says what loading does: the same class, the same tensors, the same refusals.</summary>
public class ModelCheckTests
{
    public static TheoryData<string> Goldens => [.. Directory.GetDirectories(TestFiles.Goldens).Select(folder => Path.GetFileName(folder)!)];

    [Theory]
    [MemberData(nameof(Goldens))]
    public void It_agrees_with_loading(string golden)
    {
        var args = TestEngine.Args(golden);
        var registry = ModelRegistry.CreateBuiltIn();
        ModelInfo loaded;
        try
        {
            using var model = TestEngine.Load(args, registry);
            loaded = model.Info;
        }
        catch (SglException refusal)
        {
            Assert.Equal(refusal.Message, Assert.Throws<SglException>(() => ModelCheck.Run(args, args.ModelPath!, registry)).Message);
            return;
        }
        var check = ModelCheck.Run(args, args.ModelPath!, registry);
        Assert.Empty(check.Problems);
        Assert.Equal((loaded.ClassName, loaded.DType, loaded.ContextLength), (check.Model.ClassName, check.DType, check.ContextLength));
        Assert.True(check.WeightBytes >= loaded.WeightBytes && check.Mapped > 0, $"{check.WeightBytes} of {loaded.WeightBytes}");
        Assert.Equal(loaded.MaxStates > 0, check.StateBytes > 0);
    }

    [Theory]
    [InlineData("llama2", "awq")]
    [InlineData("gpt_oss", "fp8")]
    [InlineData("deepseek_v3", "mxfp4")]
    public void A_quantisation_that_is_not_loaded_is_refused_by_both_alike(string golden, string method)
    {
        var args = TestEngine.Args(golden) with { JsonModelOverrideArgs = $$$"""{"quantization_config":{"quant_method":"{{{method}}}"}}""" };
        var refusal = Assert.Throws<SglException>(() => TestEngine.Load(args)).Message;
        Assert.Contains($"quantization_config ({method}) is not supported yet", refusal, StringComparison.Ordinal);
        Assert.Equal(refusal, Assert.Throws<SglException>(() => ModelCheck.Run(args, args.ModelPath!, ModelRegistry.CreateBuiltIn())).Message);
    }

    [Fact]
    public void What_a_class_dequantises_is_listed_with_each_of_its_names_and_holds_for_classes_derived_from_it()
    {
        var registry = ModelRegistry.CreateBuiltIn();
        Assert.Equal(["DeepseekV2ForCausalLM: fp8", "DeepseekV3ForCausalLM: fp8", "GptOssForCausalLM: mxfp4"],
            registry.Models.Where(model => model.Quantizations.Count > 0).Select(model => $"{model.Name}: {string.Join(", ", model.Quantizations)}"));
        Assert.Equal(["mxfp4", "own"], DequantizesAttribute.MethodsOf(typeof(Derived)));
    }

    [Fact]
    public void What_only_the_generic_decoder_serves_is_said()
    {
        var args = TestEngine.Args("llama2") with { JsonModelOverrideArgs = """{"architectures":["NobodyForCausalLM"]}""" };
        var check = ModelCheck.Run(args, args.ModelPath!, ModelRegistry.CreateBuiltIn());
        Assert.Equal("GenericForCausalLM", check.Model.ClassName);
        Assert.StartsWith("NobodyForCausalLM is not among the supported architectures: it is served by a generic decoder", check.Why, StringComparison.Ordinal);
        Assert.Throws<SglException>(() => ModelCheck.Run(args with { ModelImplementation = ModelImplementation.Native }, args.ModelPath!, ModelRegistry.CreateBuiltIn()));
    }

    [Dequantizes("own")]
    private sealed class Derived(JsonConfig config, Models.Modules.ModuleScope root) : GptOssForCausalLM(config, root);
}
