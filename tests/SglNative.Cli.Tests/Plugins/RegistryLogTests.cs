using SglNative.Cli.Tests.Serving;

namespace SglNative.Cli.Tests.Plugins;

/// <summary>What a server's log says of the registry, from the program itself.</summary>
public sealed class RegistryLogTests : IDisposable
{
    private readonly TemporaryStore _store = new();

    public void Dispose() => _store.Dispose();

    [Fact]
    public async Task Plugins_that_cannot_be_used_are_a_line_each_and_the_rest_is_served()
    {
        var other = CompiledPlugin.CompileAgainstSdk(_store.Root, "OtherSdk", "0.2.0.0");
        var library = CompiledPlugin.Compile(Directory.CreateDirectory(Path.Combine(_store.Root, "lib")).FullName, "Lib", "namespace Lib; public static class Answer { public static string Value => \"\"; }", "3.0.0");
        var alone = CompiledPlugin.Compile(_store.Root, "Alone", CompiledPlugin.Llama("AloneForCausalLM", body: "System.Console.Write(Lib.Answer.Value);"), references: [library]);
        var one = CompiledPlugin.Compile(_store.Root, "One", CompiledPlugin.Llama("SameForCausalLM", "First"));
        var two = CompiledPlugin.Compile(_store.Root, "Two", CompiledPlugin.Llama("SameForCausalLM", "Second"));
        await using var server = await ServeProcess.ReadyAsync("--model-path", TestFiles.Golden("llama2"), "--skip-tokenizer-init", "--plugin-dir", _store.Directory,
            "--json-model-override-args", """{"architectures":["SameForCausalLM"]}""", "--external-model-package", string.Join(',', other, alone, one, two, "Nowhere"));
        Assert.Contains("Loaded First (One)", server.Output, StringComparison.Ordinal);
        var warnings = server.Error.Split('\n').Where(line => line.Contains("WARNING: plugin ", StringComparison.Ordinal)).Select(line => line[(line.IndexOf("plugin ", StringComparison.Ordinal) + 7)..].TrimEnd()).ToArray();
        Assert.Equal(
        [
            $"{other} is not used: OtherSdk.dll was built against SglNative.Models 0.2.0, and this program has 0.1.0: update sgl-native, or install an older version of the plugin",
            $"{alone} is not used: Alone.dll needs the assembly Lib 3.0.0.0, which neither its package nor this program has",
            $"{two} is not used: SameForCausalLM is registered twice: by First (One 1.0.0), external package, --external-model-package, and by Second (Two 1.0.0), external package, --external-model-package",
            "Nowhere is not used: --external-model-package names it, but no plugin of that id is installed and there is no such assembly or folder; sgl-native plugin install Nowhere, or give the path of its assembly",
        ], warnings);
        Assert.DoesNotContain("   at ", server.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("DEBUG", server.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_category_alone_tells_each_step_at_debug()
    {
        var assembly = CompiledPlugin.Compile(_store.Root, "Mine", CompiledPlugin.Llama("LlamaForCausalLM", "MyLlama"));
        await using var server = await ServeProcess.ReadyAsync("--model-path", TestFiles.Golden("llama2"), "--skip-tokenizer-init", "--plugin-dir", _store.Directory,
            "--external-model-package", assembly, "--log-category", "SglNative.Models.Registry=debug");
        foreach (var step in new[]
                 {
                     $"DEBUG: looking for installed plugins in {_store.Directory}",
                     "DEBUG: MistralForCausalLM is served by MistralForCausalLM (SglNative.Models 0.1.0), built in",
                     $"DEBUG: --external-model-package names {assembly}",
                     $"DEBUG: loading plugin {assembly} from {_store.Root}",
                     "LlamaForCausalLM: MyLlama (Mine 1.0.0), external package, --external-model-package, overrides LlamaForCausalLM (SglNative.Models 0.1.0), built in",
                     "DEBUG: config.json names [LlamaForCausalLM]: LlamaForCausalLM is served by MyLlama (Mine 1.0.0), external package, --external-model-package",
                 })
            Assert.Contains(step, server.Error, StringComparison.Ordinal);
        using var client = new HttpClient { BaseAddress = server.Address };
        // What other categories tell at debug stays untold.
        await client.GetAsync(new Uri("health", UriKind.Relative));
        Assert.All(server.Error.Split('\n').Where(line => line.Contains("DEBUG", StringComparison.Ordinal)), line => Assert.Matches("served by|plugin|names|overrides|LlamaForCausalLM", line));
    }
}
