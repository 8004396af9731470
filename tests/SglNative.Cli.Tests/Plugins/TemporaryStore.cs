using SglNative.Cli.Commands;
using SglNative.Models.Registry;
using SglNative.Plugins.Discovery;
using SglNative.Plugins.Store;

namespace SglNative.Cli.Tests.Plugins;

/// <summary>A store of plugins and a folder of packages that are gone after the test.</summary>
internal sealed class TemporaryStore : IDisposable
{
    public TemporaryStore()
    {
        Root = System.IO.Directory.CreateTempSubdirectory("sgl-plugins-").FullName;
        Feed = System.IO.Directory.CreateDirectory(Path.Combine(Root, "feed")).FullName;
        Directory = System.IO.Directory.CreateDirectory(Path.Combine(Root, "store")).FullName;
    }

    public string Root { get; }

    public string Feed { get; }

    public string Directory { get; }

    public PluginStore Store => new(Directory);

    /// <summary>Runs a command line of the program; returns its exit code and what it wrote.</summary>
    public async Task<(int Code, string Out, string Error)> RunAsync(params string[] words)
    {
        using var output = new StringWriter();
        using var error = new StringWriter();
        var code = await CommandSet.Default.RunAsync([.. words, "--plugin-dir", Directory], new CommandContext(TextReader.Null, output, error, CancellationToken.None));
        return (code, output.ToString(), error.ToString());
    }

    public async Task<string> InstallAsync(string package, params string[] more)
    {
        var (code, output, error) = await RunAsync(["plugin", "install", package, "--source", Feed, .. more]);
        Assert.True(code == ExitCode.Done, error);
        return output;
    }

    /// <summary>The one line with which an installation is refused.</summary>
    public async Task<string> RefusedAsync(string package, params string[] more)
    {
        var (code, output, error) = await RunAsync(["plugin", "install", package, .. more]);
        Assert.True(code == ExitCode.UserError, output + error);
        Assert.Single(error.TrimEnd().Split('\n'));
        Assert.Equal([], System.IO.Directory.Exists(Directory) ? System.IO.Directory.GetDirectories(Directory, ".staging*") : []);
        return error.TrimEnd();
    }

    public ModelRegistry Discover(Func<string, string?>? environment = null, bool strict = false, params string[] external) => PluginDiscovery.Discover(ModelRegistry.CreateBuiltIn(), new PluginOptions
    {
        PluginDirectory = Directory,
        Strict = strict,
        ExternalPackages = external,
        // The user's own store must not be looked through.
        Environment = name => environment?.Invoke(name) ?? (name == PluginStore.Variable ? Path.Combine(Root, "none") : null),
    });

    public void Dispose() => System.IO.Directory.Delete(Root, recursive: true);
}
