using SglNative.Core;
using SglNative.Core.Tensors;
using SglNative.Cpu;
using SglNative.Core.Configuration;
using SglNative.Engine.Configuration;
using SglNative.Engine.Generation;
using SglNative.Engine.Loading;
using SglNative.Engine.Sampling;
using SglNative.Models.Modules;
using SglNative.Models.Registry;
using SglNative.Plugins.Discovery;
using SglNative.Testing;

namespace SglNative.Cli.Tests.Plugins;

public sealed class PluginDiscoveryTests : IDisposable
{
    private readonly TemporaryStore _store = new();

    public void Dispose() => _store.Dispose();

    [Fact]
    public async Task A_changed_file_stops_its_plugin_and_no_other()
    {
        CompiledPlugin.Make(_store, "Good", "1.0.0", CompiledPlugin.Llama("GoodForCausalLM"));
        CompiledPlugin.Make(_store, "Touched", "1.0.0", CompiledPlugin.Llama("TouchedForCausalLM"));
        await _store.InstallAsync("Good");
        await _store.InstallAsync("Touched");
        var file = Path.Combine(_store.Directory, "touched", "1.0.0", "Touched.dll");
        var bytes = await File.ReadAllBytesAsync(file);
        bytes[^1] ^= 1;
        await File.WriteAllBytesAsync(file, bytes);
        var registry = _store.Discover();
        var failure = Assert.Single(registry.Failures);
        Assert.Equal("Touched 1.0.0", failure.Plugin);
        Assert.Contains("Touched.dll has changed since it was installed", failure.Cause, StringComparison.Ordinal);
        Assert.Equal("Good", registry.Resolve("GoodForCausalLM").Package);
        var error = Assert.Throws<SglException>(() => registry.Resolve("TouchedForCausalLM"));
        Assert.StartsWith("Model architectures [TouchedForCausalLM] failed to be inspected: plugin Touched 1.0.0: ", error.Message, StringComparison.Ordinal);
        Assert.Contains("Touched 1.0.0", Assert.Throws<SglException>(() => _store.Discover(strict: true)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_added_file_stops_its_plugin()
    {
        CompiledPlugin.Make(_store, "MyModel", "1.0.0", CompiledPlugin.Llama("MyModelForCausalLM"));
        await _store.InstallAsync("MyModel");
        await File.WriteAllTextAsync(Path.Combine(_store.Directory, "mymodel", "1.0.0", "Extra.dll"), "");
        Assert.Contains("was not installed with it", Assert.Single(_store.Discover().Failures).Cause, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("SGLANG_EXTERNAL_MODEL_PACKAGE")]
    [InlineData("SGL_NATIVE_EXTERNAL_MODEL_PACKAGE")]
    public async Task A_package_named_for_the_run_overrides_the_installed_and_the_built_in(string variable)
    {
        CompiledPlugin.Make(_store, "Installed", "1.0.0", CompiledPlugin.Llama("SameForCausalLM", "FromStore"));
        await _store.InstallAsync("Installed");
        var assembly = CompiledPlugin.Compile(_store.Root, "Named", CompiledPlugin.Llama("SameForCausalLM\"), ModelArchitecture(\"LlamaForCausalLM", "FromPath"));
        var registry = _store.Discover(name => name == variable ? $" {assembly} ," : null);
        Assert.Empty(registry.Failures);
        Assert.All(new[] { "SameForCausalLM", "LlamaForCausalLM" }, name => Assert.Equal(("FromPath", ModelSource.ExternalPackage), (registry.Resolve(name).ClassName, registry.Resolve(name).Source)));
        Assert.Equal(2, registry.Journal.Steps.Count(step => step.Message.Contains("overrides", StringComparison.Ordinal)));
        // An installed plugin may be named too: it then comes before others.
        Assert.Equal(ModelSource.ExternalPackage, _store.Discover(name => name == variable ? "installed" : null).Resolve("SameForCausalLM").Source);
        Assert.Contains(variable, Assert.Single(_store.Discover(name => name == variable ? "Nobody" : null).Failures).Cause, StringComparison.Ordinal);
    }

    [Fact]
    public void Two_packages_of_one_run_with_one_name_are_an_error_naming_both()
    {
        var one = CompiledPlugin.Compile(_store.Root, "OneSame", CompiledPlugin.Llama("TwiceForCausalLM", "A"));
        var two = CompiledPlugin.Compile(_store.Root, "TwoSame", CompiledPlugin.Llama("TwiceForCausalLM", "B"));
        var failure = Assert.Single(_store.Discover(external: [one, two]).Failures);
        Assert.Contains("TwiceForCausalLM is registered twice: by A (OneSame 1.0.0)", failure.Cause, StringComparison.Ordinal);
        Assert.Contains("by B (TwoSame 1.0.0)", failure.Cause, StringComparison.Ordinal);
    }

    [Fact]
    public void Models_are_disabled_by_file_style_and_class_names()
    {
        var registry = _store.Discover(name => name == "SGLANG_DISABLED_MODEL_ARCHS" ? "llama,Qwen3ForCausalLM" : null);
        Assert.DoesNotContain("LlamaForCausalLM", registry.SupportedArchitectures);
        Assert.DoesNotContain("Qwen3ForCausalLM", registry.SupportedArchitectures);
        Assert.Contains("Qwen2ForCausalLM", registry.SupportedArchitectures);
        var error = Assert.Throws<SglException>(() => registry.Resolve("LlamaForCausalLM"));
        Assert.Contains("LlamaForCausalLM is disabled by SGLANG_DISABLED_MODEL_ARCHS (llama)", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Variables_for_images_are_one_warning()
    {
        var steps = _store.Discover(name => name.StartsWith("SGLANG_EXTERNAL_MM", StringComparison.Ordinal) ? "x" : null).Journal.Steps;
        Assert.Contains("have no effect", Assert.Single(steps, step => step.Severity == RegistrySeverity.Warning).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_constructor_that_throws_is_one_line_naming_the_plugin()
    {
        var assembly = CompiledPlugin.Compile(_store.Root, "Throws", CompiledPlugin.Llama("ThrowsForCausalLM", body: "throw new System.InvalidOperationException(\"no\\nluck\");"));
        using var backend = new CpuBackend(new CpuOptions { Threads = 1 });
        var config = JsonConfig.Load(Path.Combine(TestFiles.Golden("llama2"), "config.json"));
        var model = _store.Discover(external: assembly).Resolve("ThrowsForCausalLM");
        var error = Assert.Throws<SglException>(() => model.Factory(config, new ModelBuild(backend, DType.Float32, 16).Root));
        Assert.StartsWith($"plugin {assembly}: Model cannot be made: InvalidOperationException: no", error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', error.Message);
    }

    [Fact]
    public async Task A_forward_that_throws_fails_its_own_request_and_no_other()
    {
        var assembly = CompiledPlugin.Compile(_store.Root, "Fragile", CompiledPlugin.Llama("FragileForCausalLM").Replace("base(config, root) {  }", """
            base(config, root) { }
            public override Tensor Forward(SglNative.Models.Batches.ForwardBatch batch, Tensor hidden) =>
                batch.TokenCount == 3 ? throw new System.InvalidOperationException("three tokens") : base.Forward(batch, hidden);
            """, StringComparison.Ordinal));
        await using var engine = await Engine.Engine.StartAsync(new ServerArgs
        {
            ModelPath = TestFiles.Golden("llama2"), Device = DeviceChoice.Cpu, SkipTokenizerInit = true,
            JsonModelOverrideArgs = """{"architectures":["FragileForCausalLM"]}""",
        }, registry: _store.Discover(external: assembly));
        await Assert.ThrowsAsync<Engine.EngineException>(() => engine.GenerateAsync(Request(3)));
        Assert.Equal(5, (await engine.GenerateAsync(Request(4)))[0].TokenIds.Count);

        static GenerateRequest Request(int tokens) => new()
        {
            InputIds = [.. Enumerable.Range(10, tokens)],
            Sampling = new SamplingParams { Temperature = 0, MaxNewTokens = 5, IgnoreEos = true },
        };
    }

    [Fact]
    public async Task Code_of_a_checkpoint_is_spoken_of_and_never_run()
    {
        var args = new ServerArgs
        {
            ModelPath = TestFiles.Golden("llama2"), Device = DeviceChoice.Cpu,
            JsonModelOverrideArgs = """{"architectures":["RemoteForCausalLM"],"auto_map":{"AutoModelForCausalLM":"modeling_remote.RemoteForCausalLM"}}""",
        };
        using (var generic = await ModelLoader.LoadAsync(args, _store.Discover()))
            Assert.Contains("auto_map asks for modeling_remote.RemoteForCausalLM, code of the checkpoint that is never run", Assert.Single(generic.Info.Warnings), StringComparison.Ordinal);
        var error = await Assert.ThrowsAsync<SglException>(() => ModelLoader.LoadAsync(args with { ModelImplementation = ModelImplementation.Native }, _store.Discover()));
        Assert.EndsWith("config.json's auto_map asks for modeling_remote.RemoteForCausalLM, code of the checkpoint that is never run: a plugin that brings RemoteForCausalLM would serve it", error.Message, StringComparison.Ordinal);
        var registry = _store.Discover(external: CompiledPlugin.Compile(_store.Root, "Remote", CompiledPlugin.Llama("RemoteForCausalLM"))).Freeze();
        using var loaded = await ModelLoader.LoadAsync(args, registry);
        Assert.Contains(registry.Journal.Steps, step => step.Message.EndsWith("that is not run: Model (Remote 1.0.0), external package, --external-model-package, serves it", StringComparison.Ordinal));
    }

    [Fact]
    public void A_store_that_is_not_there_is_an_error() => Assert.Contains("--plugin-dir: there is no folder", Assert.Throws<SglException>(() =>
        PluginDiscovery.Discover(ModelRegistry.CreateBuiltIn(), new PluginOptions { PluginDirectory = "/nowhere/at/all" })).Message, StringComparison.Ordinal);

    [Fact]
    public async Task Discovery_by_many_threads_finds_the_same()
    {
        CompiledPlugin.Make(_store, "MyModel", "1.0.0", CompiledPlugin.Llama("MyModelForCausalLM"));
        await _store.InstallAsync("MyModel");
        var found = new string[8];
        Parallel.For(0, found.Length, i => found[i] = string.Join(",", _store.Discover().SupportedArchitectures));
        Assert.Single(found.Distinct());
        Assert.Contains("MyModelForCausalLM", found[0], StringComparison.Ordinal);
    }
}
