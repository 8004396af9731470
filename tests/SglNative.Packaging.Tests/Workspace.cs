using System.Diagnostics;
using SglNative.Packaging.Tests;
using SglNative.Testing;

[assembly: AssemblyFixture(typeof(Workspace))]

namespace SglNative.Packaging.Tests;

/// <summary>
/// A user's machine in a temporary folder: a home, a package cache and a store of plugins of its own, sgl-native on the path, and no feed
/// but the packages that are on this machine already. The page's first commands have been run in it: <c>feed</c> holds the packages.
/// </summary>
public sealed class Workspace : IAsyncLifetime
{
    // A server that does not come up would be waited for without end.
    private static readonly TimeSpan Longest = TimeSpan.FromMinutes(15);

    private static readonly string RealHome = Environment.GetEnvironmentVariable("HOME") ?? Path.GetTempPath();

    private readonly bool _possible = OperatingSystem.IsLinux() && File.Exists("/bin/bash");

    /// <summary>What packing printed.</summary>
    public string Packed { get; private set; } = "";

    /// <summary>The working folder.</summary>
    public string Work => Path.Combine(Root, "work");

    private string Root { get; } = Path.Combine(Path.GetTempPath(), $"sgl-workspace-{Guid.NewGuid():N}");

    private string Home => Path.Combine(Root, "home");

    private static string GlobalPackages => Environment.GetEnvironmentVariable("NUGET_PACKAGES") ?? Path.Combine(RealHome, ".nuget", "packages");

    /// <inheritdoc/>
    public async ValueTask InitializeAsync()
    {
        if (!_possible) return;
        foreach (var folder in new[] { "home/.nuget/NuGet", "bin", "work", "repository/scripts" }) Directory.CreateDirectory(Path.Combine(Root, folder));
        // What is on this machine is used in place.
        await File.WriteAllTextAsync(Path.Combine(Home, ".nuget/NuGet/NuGet.Config"), $"""
            <configuration>
              <packageSources><clear /><add key="machine" value="{GlobalPackages}" /></packageSources>
              <fallbackPackageFolders><clear /><add key="machine" value="{GlobalPackages}" /></fallbackPackageFolders>
            </configuration>
            """);
        var configuration = new DirectoryInfo(AppContext.BaseDirectory).Parent!.Name;
        WriteScript("bin/sgl-native", $"exec dotnet '{Path.Combine(TestFiles.Root, "src/SglNative.Cli/bin", configuration, "net10.0/sgl-native.dll")}' \"$@\"");
        // With the user's cache this would restore, and so build, the repository under the feet of the tests that run from it.
        WriteScript("repository/scripts/pack.sh",
            $"export HOME='{RealHome}' NUGET_PACKAGES='{GlobalPackages}'; unset DOTNET_CLI_HOME\nexec '{Path.Combine(TestFiles.Root, "scripts/pack.sh")}' \"$@\"");
        Packed = await SucceedAsync(TutorialPage.Commands[0]);
    }

    /// <summary>Runs a script in the working folder; its exit code, and what it wrote on both streams.</summary>
    public async Task<(int Code, string Output)> RunAsync(string script)
    {
        if (!_possible) Assert.Skip("runs its commands with bash on Linux");
        var start = new ProcessStartInfo("/bin/bash") { WorkingDirectory = Work };
        start.ArgumentList.Add("-c");
        // A file, not a pipe: compilers that stay behind for the next build would hold a pipe open.
        var log = Path.Combine(Root, $"log-{Guid.NewGuid():N}");
        start.ArgumentList.Add($"exec >'{log}' 2>&1\ntrap 'kill $(jobs -p) 2>/dev/null || true' EXIT\n{script}");
        foreach (var name in start.Environment.Keys.Where(name => name.StartsWith("MSBUILD", StringComparison.OrdinalIgnoreCase) || name.StartsWith("SGL", StringComparison.Ordinal) || name.StartsWith("TESTINGPLATFORM", StringComparison.Ordinal)).ToArray()) start.Environment.Remove(name);
        start.Environment["HOME"] = start.Environment["DOTNET_CLI_HOME"] = Home;
        start.Environment["NUGET_PACKAGES"] = Path.Combine(Root, "packages");
        start.Environment["SGL_NATIVE_PLUGIN_DIR"] = Path.Combine(Root, "plugins");
        start.Environment["REPOSITORY"] = Path.Combine(Root, "repository");
        start.Environment["PATH"] = $"{Path.Combine(Root, "bin")}:{start.Environment["PATH"]}";
        start.Environment["MSBUILDDISABLENODEREUSE"] = "1";
        start.Environment["UseSharedCompilation"] = "false";
        start.Environment["DOTNET_NOLOGO"] = "1";
        start.Environment["DOTNET_CLI_TELEMETRY_OPTOUT"] = "1";
        using var process = Process.Start(start)!;
        using var limit = new CancellationTokenSource(Longest);
        try
        {
            await process.WaitForExitAsync(limit.Token);
        }
        catch (OperationCanceledException)
        {
            process.Kill(entireProcessTree: true);
            Assert.Fail($"not done after {Longest.TotalMinutes} minutes: {await File.ReadAllTextAsync(log)}");
        }
        return (process.ExitCode, await File.ReadAllTextAsync(log));
    }

    /// <summary>As <see cref="RunAsync"/>, failing the test where a command fails.</summary>
    public async Task<string> SucceedAsync(string script)
    {
        var (code, output) = await RunAsync($"set -euo pipefail\n{script}");
        Assert.True(code == 0, output);
        return output;
    }

    /// <summary>Lets projects in <paramref name="folder"/> use the feeds of this machine too: the runtime's own packages may have to be fetched.</summary>
    public async Task UseFeedsAsync(string folder)
    {
        var own = Path.Combine(RealHome, ".nuget/NuGet/NuGet.Config");
        if (File.Exists(own))
            await File.WriteAllTextAsync(Path.Combine(Work, folder, "NuGet.Config"), (await File.ReadAllTextAsync(own)).Replace("<clear />", "", StringComparison.Ordinal));
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync()
    {
        if (Directory.Exists(Root)) Directory.Delete(Root, recursive: true);
        return ValueTask.CompletedTask;
    }

    private void WriteScript(string name, string text)
    {
        var path = Path.Combine(Root, name);
        File.WriteAllText(path, $"#!/bin/bash\n{text}\n");
        if (!OperatingSystem.IsWindows()) File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
    }
}
