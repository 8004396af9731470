using System.Reflection;
using SglNative.Core;
using SglNative.Core.Configuration;
using SglNative.Models.Architectures;
using SglNative.Models.Modules;
using SglNative.Models.Registry;

namespace SglNative.Models.Tests.Registry;

public class RegistrationTests
{
    private readonly ModelRegistry _registry = ModelRegistry.CreateBuiltIn();

    [Fact]
    public void The_generated_table_has_every_marked_class()
    {
        var marked = typeof(ModelRegistry).Assembly.GetTypes()
            .SelectMany(type => type.GetCustomAttributes<ModelArchitectureAttribute>(inherit: false).Select(attribute => (attribute.Name, type.Name)))
            .Order();
        Assert.Equal(marked, _registry.Models.Select(model => (model.Name, model.ClassName)).Order());
        Assert.Contains("LlamaForCausalLM", _registry.SupportedArchitectures);
        Assert.All(_registry.Models, model => Assert.Equal((ModelSource.BuiltIn, "SglNative.Models"), (model.Source, model.Package)));
    }

    [Fact]
    public void Each_way_overrides_the_ones_before_it_and_says_so()
    {
        foreach (var source in new[] { ModelSource.ExternalPackage, ModelSource.Installed, ModelSource.Application })
            _registry.Register([Entry("LlamaForCausalLM", $"By{source}")], $"P{source}", "1.0", source, null);
        Assert.Equal("ByApplication", _registry.Resolve("LlamaForCausalLM").ClassName);
        var overrides = _registry.Journal.Steps.Where(step => step.Severity == RegistrySeverity.Info).Select(step => step.Message).ToArray();
        Assert.Equal(
        [
            "LlamaForCausalLM: ByExternalPackage (PExternalPackage 1.0), external package, overrides LlamaForCausalLM (SglNative.Models 0.1.0), built in",
            "LlamaForCausalLM: ByInstalled (PInstalled 1.0), installed, overrides LlamaForCausalLM (SglNative.Models 0.1.0), built in",
            "LlamaForCausalLM: ByApplication (PApplication 1.0), registered by the application, overrides ByExternalPackage (PExternalPackage 1.0), external package",
        ], overrides);
    }

    [Fact]
    public void A_name_twice_in_one_way_is_an_error_that_changes_nothing()
    {
        _registry.Register([Entry("A", "First")], "One", "1.0", ModelSource.Installed, null);
        var error = Assert.Throws<SglException>(() => _registry.Register([Entry("B", "Second"), Entry("A", "Second")], "Two", "2.0", ModelSource.Installed, null));
        Assert.Equal("A is registered twice: by First (One 1.0), installed, and by Second (Two 2.0), installed", error.Message);
        Assert.Equal("First", _registry.Resolve("A").ClassName);
        Assert.Null(_registry.Models.Find("B"));
    }

    [Fact]
    public void Registering_the_same_again_is_no_error()
    {
        var entry = Entry("A", "First");
        for (var i = 0; i < 3; i++) _registry.Register([entry], "One", "1.0", ModelSource.Installed, null);
        Assert.Equal("First", _registry.Resolve("A").ClassName);
    }

    [Fact]
    public void An_application_registers_in_four_ways()
    {
        static CausalLM Make(JsonConfig config, ModuleScope root) => new LlamaForCausalLM(config, root);
        _registry.Register("One", Make);
        _registry.Register([("Two", Make), ("Three", Make)]);
        _registry.Models["Four"] = Make;
        _registry.Models["Four"] = (config, root) => new MistralForCausalLM(config, root);
        _registry.Register(typeof(RegistrationTests).Assembly);
        Assert.All(new[] { "One", "Two", "Three", "Four", "TestOneForCausalLM", "TestTwoForCausalLM" }, name => Assert.Equal(ModelSource.Application, _registry.Resolve(name).Source));
        Assert.Equal("TwiceNamed", _registry.Resolve("TestTwoForCausalLM").ClassName);
        var error = Assert.Throws<SglException>(() => _registry.Register("One", (config, root) => new MistralForCausalLM(config, root)));
        Assert.Contains("One is registered twice: by One (SglNative.Models.Tests", error.Message, StringComparison.Ordinal);
        Assert.Contains("RegistrationTests", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void The_first_known_name_wins()
    {
        Assert.Equal("Qwen2ForCausalLM", _registry.Resolve(["Unknown", "Qwen2ForCausalLM", "LlamaForCausalLM"]).Name);
        var error = Assert.Throws<SglException>(() => _registry.Resolve(["LamaForCausalLM", "Other"]));
        Assert.StartsWith("Model architectures [LamaForCausalLM, Other] are not supported for now. Supported architectures: ", error.Message, StringComparison.Ordinal);
        Assert.Contains("; nearest: LlamaForCausalLM; ", error.Message, StringComparison.Ordinal);
        Assert.Contains("config.json names no architectures", Assert.Throws<SglException>(() => _registry.Resolve([])).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("LlavaForConditionalGeneration", "images or audio")]
    [InlineData("BertModel", "embedding")]
    public void What_cannot_be_served_yet_says_so_after_the_usual_beginning(string name, string hint)
    {
        var error = Assert.Throws<SglException>(() => _registry.Resolve(name));
        Assert.StartsWith($"Model architectures [{name}] are not supported for now. Supported architectures: ", error.Message, StringComparison.Ordinal);
        Assert.Contains(hint, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_plugin_that_failed_is_named_when_its_architecture_is_asked_for()
    {
        _registry.Fail(new PluginFailure("Bad 1.0", "it is broken", ["BadForCausalLM"]));
        Assert.Equal("Model architectures [BadForCausalLM] failed to be inspected: plugin Bad 1.0: it is broken", Assert.Throws<SglException>(() => _registry.Resolve("BadForCausalLM")).Message);
    }

    [Fact]
    public void A_frozen_registry_keeps_what_it_knew_and_tells_of_what_came_late()
    {
        var frozen = _registry.Freeze();
        _registry.Register("Late", (config, root) => new LlamaForCausalLM(config, root), "LateClass", "App");
        Assert.Contains("LateClass (App", Assert.Throws<SglException>(() => frozen.Resolve("Late")).Message, StringComparison.Ordinal);
        Assert.Contains("was registered after this engine started", Assert.Throws<SglException>(() => frozen.Resolve("Late")).Message, StringComparison.Ordinal);
        Assert.Contains(_registry.Journal.Steps, step => step.Message.StartsWith("Late is registered after an engine started", StringComparison.Ordinal));
        Assert.Throws<SglException>(() => frozen.Register("X", (config, root) => new LlamaForCausalLM(config, root)));
        Assert.Same(frozen, frozen.Freeze());
    }

    [Fact]
    public void What_is_disabled_in_a_frozen_registry_did_not_come_late()
    {
        var copy = _registry.Copy();
        copy.Disable(["llama"], "THE_VARIABLE");
        var error = Assert.Throws<SglException>(() => copy.Freeze().Resolve("LlamaForCausalLM")).Message;
        Assert.Contains("; LlamaForCausalLM is disabled by THE_VARIABLE (llama); nearest: ", error, StringComparison.Ordinal);
    }

    [Fact]
    public void Many_threads_register_and_resolve_at_once()
    {
        Parallel.For(0, 200, i =>
        {
            _registry.Register($"M{i}", (config, root) => new LlamaForCausalLM(config, root));
            Assert.Equal($"M{i}", _registry.Resolve($"M{i}").Name);
            Assert.Contains("LlamaForCausalLM", _registry.SupportedArchitectures);
        });
        Assert.Equal(200, _registry.Models.Count(model => model.Source == ModelSource.Application));
    }

    [Fact]
    public void A_listener_hears_what_was_before_and_what_comes()
    {
        var heard = new List<string>();
        _registry.Journal.Listen(step => heard.Add(step.Message));
        Assert.Contains(heard, message => message.StartsWith("LlamaForCausalLM is served by", StringComparison.Ordinal));
        _registry.Register("Z", (config, root) => new LlamaForCausalLM(config, root));
        Assert.StartsWith("Z is served by", heard[^1], StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("LlamaForCausalLM", "llama")]
    [InlineData("Qwen2MoeForCausalLM", "qwen2_moe")]
    [InlineData("GPT2LMHeadModel", "gpt2")]
    [InlineData("GptOssForCausalLM", "gpt_oss")]
    [InlineData("DeepseekV3ForCausalLM", "deepseek_v3")]
    [InlineData("OPTForCausalLM", "opt")]
    [InlineData("LlamaWrapper", "llama_wrapper")]
    public void Families_are_called_as_files_are(string name, string family) => Assert.Equal(family, ModelFamily.Of(name));

    private static ModelTableEntry Entry(string name, string className) => new(name, className, null, (config, root) => new LlamaForCausalLM(config, root));

    [ModelArchitecture("TestOneForCausalLM")]
    [ModelArchitecture("TestTwoForCausalLM", Family = "test")]
    public sealed class TwiceNamed(JsonConfig config, ModuleScope root) : LlamaForCausalLM(config, root);
}
