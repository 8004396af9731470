using SglNative.Cli.Commands;
using SglNative.Testing;

namespace SglNative.Cli.Tests.Plugins;

/// <summary>Each of the four causes for which a plugin does not serve is told from the others.</summary>
public sealed class PluginVerifyTests : IDisposable
{
    private const string Usings = "using SglNative.Core.Configuration; using SglNative.Models.Architectures; using SglNative.Models.Modules; using SglNative.Models.Registry;\n";

    private readonly TemporaryStore _store = new();

    public void Dispose() => _store.Dispose();

    [Fact]
    public async Task No_attribute() =>
        Assert.Contains("attribute: no attribute: no class of", await FailsAsync(Compile("Plain", "public class Nothing { }")), StringComparison.Ordinal);

    [Fact]
    public async Task Registered_after_start() => Assert.Contains("attribute: registered after start: ", await FailsAsync(Compile("Late", Usings + """
        public static class Late { public static void Start() => ModelRegistry.Default.Register("LateForCausalLM", (config, root) => new LlamaForCausalLM(config, root)); }
        """)), StringComparison.Ordinal);

    [Fact]
    public async Task Load_failed() =>
        Assert.Contains("load: load failed: Newer.dll was built against SglNative.Models 0.99.0", await FailsAsync(CompiledPlugin.CompileAgainstSdk(_store.Root, "Newer", "0.99.0.0")), StringComparison.Ordinal);

    [Fact]
    public async Task Name_not_in_config()
    {
        var error = await FailsAsync(Compile("Other", CompiledPlugin.Llama("OtherForCausalLM")), "--model-path", TestFiles.Golden("llama2"));
        Assert.Contains("name: name not in config.json: ", error, StringComparison.Ordinal);
        Assert.Contains("names [LlamaForCausalLM], and", error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_holds_is_told_step_by_step_to_the_last_logit()
    {
        CompiledPlugin.Make(_store, "Mine", "1.0.0", CompiledPlugin.Llama("LlamaForCausalLM"));
        var (code, output, error) = await _store.RunAsync("plugin", "verify", "Mine", "--source", _store.Feed, "--model-path", TestFiles.Golden("llama2"),
            "--reference", Path.Combine(TestFiles.Golden("llama2"), "golden.safetensors"), "--device", "cpu");
        Assert.True(code == ExitCode.Done, output + error);
        foreach (var step in new[] { "files", "attribute", "load", "name", "tensors" }) Assert.Contains($"ok      {step}", output, StringComparison.Ordinal);
        Assert.Contains("PASS", output, StringComparison.Ordinal);
        Assert.False(Directory.Exists(_store.Directory) && _store.Store.Read().Plugins.Count > 0, "verifying installs nothing");
    }

    [Fact]
    public async Task A_model_that_computes_something_else_fails_with_the_difference()
    {
        var (code, output, _) = await _store.RunAsync("plugin", "verify", SamplePlugins.Assembly("LlamaWrapper"), "--model-path", Checkpoint("LlamaWrapper"),
            "--reference", Path.Combine(TestFiles.Golden("llama2"), "golden.safetensors"), "--device", "cpu");
        Assert.Equal(ExitCode.UserError, code);
        Assert.Contains("FAIL", output, StringComparison.Ordinal);
    }

    private string Checkpoint(string architecture)
    {
        var folder = Directory.CreateDirectory(Path.Combine(_store.Root, "checkpoint")).FullName;
        File.Copy(Path.Combine(TestFiles.Golden("llama2"), "model.safetensors"), Path.Combine(folder, "model.safetensors"));
        File.WriteAllText(Path.Combine(folder, "config.json"), File.ReadAllText(Path.Combine(TestFiles.Golden("llama2"), "config.json")).Replace("LlamaForCausalLM", architecture, StringComparison.Ordinal));
        return folder;
    }

    private string Compile(string name, string source) => CompiledPlugin.Compile(_store.Root, name, source);

    private async Task<string> FailsAsync(string package, params string[] more)
    {
        var (code, output, error) = await _store.RunAsync(["plugin", "verify", package, .. more]);
        Assert.True(code == ExitCode.UserError, output + error);
        Assert.Single(error.TrimEnd().Split('\n'));
        return error;
    }
}
