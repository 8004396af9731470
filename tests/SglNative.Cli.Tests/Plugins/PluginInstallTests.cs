using System.IO.Compression;
using SglNative.Cli.Commands;
using SglNative.Models.Registry;
using SglNative.Plugins.Store;

namespace SglNative.Cli.Tests.Plugins;

public sealed class PluginInstallTests : IDisposable
{
    private readonly TemporaryStore _store = new();

    public void Dispose() => _store.Dispose();

    [Fact]
    public async Task Installed_is_registered_and_removed_is_refused_with_what_is_missing()
    {
        CompiledPlugin.Make(_store, "MyModel", "1.0.0", CompiledPlugin.Llama("MyModelForCausalLM"));
        Assert.Contains("MyModelForCausalLM", await _store.InstallAsync("MyModel"), StringComparison.Ordinal);
        var model = _store.Discover().Resolve("MyModelForCausalLM");
        Assert.Equal(("Model", "MyModel", "1.0.0", ModelSource.Installed), (model.ClassName, model.Package, model.Version, model.Source));
        Assert.Contains("MyModelForCausalLM", (await _store.RunAsync("models", "list")).Out, StringComparison.Ordinal);
        Assert.Contains("MyModel 1.0.0", (await _store.RunAsync("plugin", "list")).Out, StringComparison.Ordinal);
        Assert.Contains("SHA-512", (await _store.RunAsync("plugin", "show", "mymodel")).Out, StringComparison.Ordinal);
        Assert.Single(new PluginStore(_store.Directory + "/").Read().Plugins);

        Assert.Equal(ExitCode.Done, (await _store.RunAsync("plugin", "remove", "MyModel")).Code);
        var error = Assert.Throws<Core.SglException>(() => _store.Discover().Resolve("MyModelForCausalLM"));
        Assert.StartsWith("Model architectures [MyModelForCausalLM] are not supported for now. Supported architectures: ", error.Message, StringComparison.Ordinal);
        Assert.Contains($"sgl-native plugin install MyModel@1.0.0 --source {_store.Feed}", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_dependency_comes_with_it_in_the_lowest_version_that_suits()
    {
        foreach (var version in new[] { "1.0.0", "1.5.0", "2.0.0" }) Library(version);
        var library = Library("1.5.0");
        var plugin = CompiledPlugin.Compile(_store.Root, "Needs", CompiledPlugin.Llama("NeedsForCausalLM", body: "System.Console.Write(Lib.Answer.Value);"), references: [library]);
        CompiledPlugin.Pack(_store.Feed, "Needs", "1.0.0", [plugin], ("Lib", "1.5.0"), ("SglNative.Models", "0.1.0"));
        Assert.Contains("with Lib 1.5.0", await _store.InstallAsync("Needs"), StringComparison.Ordinal);
        Assert.Empty(_store.Discover().Failures);
    }

    [Fact]
    public async Task Two_plugins_have_each_their_own_version_of_a_library()
    {
        foreach (var version in new[] { "1.0.0", "2.0.0" })
        {
            var (name, library) = ($"Uses{version[0]}", Library(version));
            // The names are data that only the library of that version has.
            var source = $$"""
                using SglNative.Core.Configuration; using SglNative.Models.Architectures; using SglNative.Models.Modules; using SglNative.Models.Registry;
                [ModelArchitecture("{{name}}")] public class M : LlamaForCausalLM { public M(JsonConfig c, ModuleScope r) : base(c, r) { } public static string Version() => Lib.Answer.Value; }
                """;
            CompiledPlugin.Pack(_store.Feed, name, "1.0.0", [CompiledPlugin.Compile(_store.Root, name, source, references: [library])], ("Lib", $"[{version}]"));
            await _store.InstallAsync(name);
        }
        var registry = _store.Discover();
        Assert.Empty(registry.Failures);
        Assert.Equal(["1.0.0", "2.0.0"], new[] { "Uses1", "Uses2" }.Select(VersionOf));
        Assert.Equal(2, registry.Models.Count(model => model.Source == ModelSource.Installed));

        static string VersionOf(string name) => (string)AppDomain.CurrentDomain.GetAssemblies().Last(assembly => assembly.GetName().Name == name).GetType("M")!.GetMethod("Version")!.Invoke(null, null)!;
    }

    [Fact]
    public async Task A_built_in_name_is_replaced_only_when_asked()
    {
        CompiledPlugin.Make(_store, "Mine", "1.0.0", CompiledPlugin.Llama("LlamaForCausalLM", "MyLlama"));
        Assert.Contains("LlamaForCausalLM, which LlamaForCausalLM of this program serves; to replace it, install with --override", await _store.RefusedAsync("Mine", "--source", _store.Feed), StringComparison.Ordinal);
        await _store.InstallAsync("Mine", "--override");
        var registry = _store.Discover();
        Assert.Equal("MyLlama", registry.Resolve("LlamaForCausalLM").ClassName);
        Assert.Contains(registry.Journal.Steps, step => step.Severity == RegistrySeverity.Info && step.Message.Contains("MyLlama (Mine 1.0.0)", StringComparison.Ordinal) && step.Message.Contains("overrides LlamaForCausalLM (SglNative.Models", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_name_that_another_plugin_has_is_refused_naming_both()
    {
        CompiledPlugin.Make(_store, "First", "1.0.0", CompiledPlugin.Llama("SameForCausalLM", "One"));
        CompiledPlugin.Make(_store, "Second", "2.0.0", CompiledPlugin.Llama("SameForCausalLM", "Two"));
        await _store.InstallAsync("First");
        var error = await _store.RefusedAsync("Second", "--source", _store.Feed);
        Assert.Contains("plugin Second 2.0.0: it brings SameForCausalLM (Two), which the installed plugin First 1.0.0 brings too (One)", error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_package_that_changed_under_its_version_is_refused()
    {
        var package = CompiledPlugin.Make(_store, "MyModel", "1.0.0", CompiledPlugin.Llama("MyModelForCausalLM"));
        await _store.InstallAsync("MyModel");
        await _store.InstallAsync("MyModel");
        File.Delete(package);
        CompiledPlugin.Make(_store, "MyModel", "1.0.0", CompiledPlugin.Llama("MyModelForCausalLM", body: "System.GC.Collect();"));
        Assert.Contains("has another hash than the one that is installed", await _store.RefusedAsync("MyModel", "--source", _store.Feed), StringComparison.Ordinal);
        Assert.Empty(_store.Discover().Failures);
    }

    [Theory]
    [InlineData("../evil.dll")]
    [InlineData("lib/net10.0/../../../evil.dll")]
    [InlineData("/tmp/evil.dll")]
    [InlineData("lib\\net10.0\\..\\..\\..\\evil.dll")]
    [InlineData("lib/net10.0/..%2f..%2fevil.dll")]
    [InlineData("C:/evil.dll")]
    public async Task A_package_that_writes_outside_is_refused(string entry)
    {
        var package = CompiledPlugin.Make(_store, "Evil", "1.0.0", CompiledPlugin.Llama("EvilForCausalLM"));
        using (var zip = ZipFile.Open(package, ZipArchiveMode.Update)) zip.CreateEntry(entry).Open().Dispose();
        Assert.Contains("would be written outside the plugin's folder", await _store.RefusedAsync(package), StringComparison.Ordinal);
        Assert.Empty(Directory.EnumerateFiles(_store.Root, "evil.dll", SearchOption.AllDirectories));
    }

    [Theory]
    [InlineData("..")]
    [InlineData("../evil")]
    [InlineData("/nowhere/evil")]
    [InlineData("a/b")]
    public async Task A_package_whose_id_leads_outside_is_refused(string id)
    {
        var package = CompiledPlugin.Make(_store, "Evil", "1.0.0", CompiledPlugin.Llama("EvilForCausalLM"));
        using (var zip = ZipFile.Open(package, ZipArchiveMode.Update))
        {
            var entry = zip.GetEntry("Evil.nuspec")!;
            string text;
            using (var reader = new StreamReader(entry.Open())) text = await reader.ReadToEndAsync();
            entry.Delete();
            await using var writer = new StreamWriter(zip.CreateEntry("Evil.nuspec").Open());
            await writer.WriteAsync(text.Replace("<id>Evil</id>", $"<id>{id}</id>", StringComparison.Ordinal));
        }
        var before = Directory.GetFileSystemEntries(_store.Root).Order().ToArray();
        Assert.Matches("names files outside its folder, which is refused|is no usable package", await _store.RefusedAsync(package));
        Assert.Equal(before, Directory.GetFileSystemEntries(_store.Root).Order());
        Assert.Empty(_store.Store.Read().Plugins);
    }

    [Fact]
    public async Task Packages_that_are_no_plugins_say_why()
    {
        CompiledPlugin.Make(_store, "Plain", "1.0.0", "public class Nothing { }");
        Assert.Contains("no class marked with [ModelArchitecture", await _store.RefusedAsync("Plain", "--source", _store.Feed), StringComparison.Ordinal);
        CompiledPlugin.Pack(_store.Feed, "Newer", "1.0.0", [CompiledPlugin.CompileAgainstSdk(_store.Root, "Newer", "0.99.0.0")]);
        Assert.Contains("Newer.dll was built against SglNative.Models 0.99.0, and this program has 0.1.0: update sgl-native", await _store.RefusedAsync("Newer", "--source", _store.Feed), StringComparison.Ordinal);
        var lost = CompiledPlugin.Compile(_store.Root, "Lost", CompiledPlugin.Llama("LostForCausalLM", body: "System.Console.Write(Lib.Answer.Value);"), references: [Library("3.0.0")]);
        CompiledPlugin.Pack(_store.Feed, "Lost", "1.0.0", [lost]);
        Assert.Contains("Lost.dll needs the assembly Lib 3.0.0.0, which neither its package nor this program has", await _store.RefusedAsync("Lost", "--source", _store.Feed), StringComparison.Ordinal);
        CompiledPlugin.Pack(_store.Feed, "Lost", "2.0.0", [lost], ("Absent", "9.0.0"));
        Assert.Contains("Lost depends on Absent", await _store.RefusedAsync("Lost", "--source", _store.Feed), StringComparison.Ordinal);
        Assert.Contains("there is no package Nowhere", await _store.RefusedAsync("Nowhere", "--source", _store.Feed), StringComparison.Ordinal);
        await File.WriteAllTextAsync(Path.Combine(_store.Root, "text.nupkg"), "no zip");
        Assert.Contains("is no usable package", await _store.RefusedAsync(Path.Combine(_store.Root, "text.nupkg")), StringComparison.Ordinal);
        Assert.Contains("--source: there is no folder", await _store.RefusedAsync("Plain", "--source", "/nowhere/at/all"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_update_takes_the_newest_and_a_folder_of_assemblies_installs_too()
    {
        CompiledPlugin.Make(_store, "MyModel", "1.0.0", CompiledPlugin.Llama("MyModelForCausalLM"));
        await _store.InstallAsync("MyModel@1.0.0");
        CompiledPlugin.Make(_store, "MyModel", "1.2.0", CompiledPlugin.Llama("MyModelForCausalLM", "Better"));
        Assert.Contains("from 1.0.0 to 1.2.0", (await _store.RunAsync("plugin", "update")).Out, StringComparison.Ordinal);
        Assert.Equal("Better", _store.Discover().Resolve("MyModelForCausalLM").ClassName);
        Assert.Contains("is the newest", (await _store.RunAsync("plugin", "update", "MyModel")).Out, StringComparison.Ordinal);
        Assert.Single(Directory.GetDirectories(Path.Combine(_store.Directory, "mymodel")));

        var folder = Directory.CreateDirectory(Path.Combine(_store.Root, "output")).FullName;
        CompiledPlugin.Compile(folder, "Built", CompiledPlugin.Llama("BuiltForCausalLM"));
        await _store.InstallAsync(folder);
        Assert.Equal("Built", _store.Discover().Resolve("BuiltForCausalLM").Package);
    }

    private string Library(string version)
    {
        var folder = Directory.CreateDirectory(Path.Combine(_store.Root, $"lib-{version}")).FullName;
        var library = CompiledPlugin.Compile(folder, "Lib", $$"""namespace Lib; public static class Answer { public static string Value => "{{version}}"; }""", version);
        CompiledPlugin.Pack(_store.Feed, "Lib", version, [library]);
        return library;
    }
}
