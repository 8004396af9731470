using System.Diagnostics;
using SglNative.Testing;

namespace SglNative.Packaging.Tests;

/// <summary>
/// A user's machine in a temporary folder: a home, a package cache and a store of plugins of its own, sgl-native on the path, and no feed
/// but the packages that are on this machine already.
/// </summary>
internal sealed class Workspace : IDisposable
{
    /// <summary>These tests build, pack and publish; the variable says that there is time for it.</summary>
    public const string Variable = "SGL_PACKAGING_TESTS";

    private static readonly string RealHome = Environment.GetEnvironmentVariable("HOME") ?? Path.GetTempPath();

    public Workspace()
    {
        if (Environment.GetEnvironmentVariable(Variable) is not { Length: > 0 }) Assert.Skip($"builds, packs and publishes projects; set {Variable}=1 to run it");
        if (!OperatingSystem.IsLinux() || !File.Exists("/bin/bash")) Assert.Skip("runs its commands with bash");
        Root = Directory.CreateTempSubdirectory("sgl-workspace-").FullName;
        foreach (var folder in new[] { "home/.nuget/NuGet", "bin", "work" }) Directory.CreateDirectory(Path.Combine(Root, folder));
        File.WriteAllText(Path.Combine(Root, "home/.nuget/NuGet/NuGet.Config"), $"""
            <configuration><packageSources><clear /><add key="machine" value="{GlobalPackages}" /></packageSources></configuration>
            """);
        var shim = Path.Combine(Root, "bin/sgl-native");
        var configuration = new DirectoryInfo(AppContext.BaseDirectory).Parent!.Name;
        File.WriteAllText(shim, $"#!/bin/sh\nexec dotnet '{Path.Combine(TestFiles.Root, "src/SglNative.Cli/bin", configuration, "net10.0/sgl-native.dll")}' \"$@\"\n");
        if (!OperatingSystem.IsWindows()) File.SetUnixFileMode(shim, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
    }

    public string Root { get; }

    public string Work => Path.Combine(Root, "work");

    private static string GlobalPackages => Environment.GetEnvironmentVariable("NUGET_PACKAGES") ?? Path.Combine(RealHome, ".nuget", "packages");

    /// <summary>Runs a script in the working folder; its exit code, and what it wrote on both streams.</summary>
    public async Task<(int Code, string Output)> RunAsync(string script, bool withFeeds = false)
    {
        var start = new ProcessStartInfo("/bin/bash") { WorkingDirectory = Work };
        start.ArgumentList.Add("-c");
        // A file, not a pipe: compilers that stay behind for the next build would hold a pipe open.
        var log = Path.Combine(Root, $"log-{Guid.NewGuid():N}");
        start.ArgumentList.Add($"exec >'{log}' 2>&1\n{script}");
        foreach (var name in start.Environment.Keys.Where(name => name.StartsWith("MSBUILD", StringComparison.OrdinalIgnoreCase) || name.StartsWith("SGL", StringComparison.Ordinal) || name.StartsWith("TESTINGPLATFORM", StringComparison.Ordinal)).ToArray()) start.Environment.Remove(name);
        start.Environment["HOME"] = start.Environment["DOTNET_CLI_HOME"] = Path.Combine(Root, "home");
        start.Environment["NUGET_PACKAGES"] = Path.Combine(Root, "packages");
        start.Environment["SGL_NATIVE_PLUGIN_DIR"] = Path.Combine(Root, "plugins");
        start.Environment["REPOSITORY"] = TestFiles.Root;
        start.Environment["PATH"] = $"{Path.Combine(Root, "bin")}:{start.Environment["PATH"]}";
        start.Environment["MSBUILDDISABLENODEREUSE"] = "1";
        start.Environment["UseSharedCompilation"] = "false";
        start.Environment["DOTNET_NOLOGO"] = "1";
        start.Environment["DOTNET_CLI_TELEMETRY_OPTOUT"] = "1";
        if (withFeeds && File.Exists(Path.Combine(RealHome, ".nuget/NuGet/NuGet.Config")))
        {
            // Publishing needs the runtime's own packages, which may have to be fetched.
            var text = await File.ReadAllTextAsync(Path.Combine(RealHome, ".nuget/NuGet/NuGet.Config"));
            await File.WriteAllTextAsync(Path.Combine(Root, "home/.nuget/NuGet/NuGet.Config"), text.Replace("</packageSources>", $"""<add key="machine" value="{GlobalPackages}" /></packageSources>""", StringComparison.Ordinal));
        }
        using var process = Process.Start(start)!;
        await process.WaitForExitAsync();
        return (process.ExitCode, await File.ReadAllTextAsync(log));
    }

    /// <summary>As <see cref="RunAsync"/>, failing the test where a command fails.</summary>
    public async Task<string> SucceedAsync(string script, bool withFeeds = false)
    {
        var (code, output) = await RunAsync($"set -euo pipefail\n{script}", withFeeds);
        Assert.True(code == 0, output);
        return output;
    }

    public void Dispose()
    {
        if (Root is not null) Directory.Delete(Root, recursive: true);
    }
}
