using System.Diagnostics;
using SglNative.Core;
using SglNative.Plugins.Loading;

namespace SglNative.Plugins.Discovery;

/// <summary>A plugin under development: a project that is built, with debug information, and loaded from its output.</summary>
public static class PluginProject
{
    /// <summary>Builds the project in <paramref name="folder"/> with the SDK's <c>dotnet</c>.</summary>
    /// <exception cref="SglException">There is no project, no SDK, or it does not build; the first error is in the message.</exception>
    public static PluginFiles Build(string folder)
    {
        var project = Find(folder);
        // Dynamic loading copies what the project depends on beside its output. Asked for a property alone, MSBuild would build nothing.
        var output = Run(project, "build", project, "-c", "Debug", "-p:EnableDynamicLoading=true", "-t:Build", "-getProperty:TargetPath");
        var assembly = output.Split('\n', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries).LastOrDefault(File.Exists)
            ?? throw new SglException($"--plugin-project: {project} was built, but its output was not found");
        return PluginFiles.OfAssembly(assembly) with { Name = Path.GetFileNameWithoutExtension(project) };
    }

    private static string Find(string path)
    {
        if (File.Exists(path)) return Path.GetFullPath(path);
        if (!Directory.Exists(path)) throw new SglException($"--plugin-project: there is no folder {path}");
        var projects = Directory.GetFiles(path, "*.csproj");
        return projects.Length == 1 ? Path.GetFullPath(projects[0])
            : throw new SglException($"--plugin-project: {path} has {projects.Length} projects (*.csproj), expected one; give the project's file");
    }

    private static string Run(string project, params IReadOnlyList<string> arguments)
    {
        var start = new ProcessStartInfo(Environment.GetEnvironmentVariable("DOTNET_HOST_PATH") is { Length: > 0 } host ? host : "dotnet")
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = Path.GetDirectoryName(project),
        };
        foreach (var argument in arguments) start.ArgumentList.Add(argument);
        // Left behind by a parent build, these would make the child's build another one.
        foreach (var variable in new[] { "MSBuildSDKsPath", "MSBUILD_EXE_PATH", "MSBuildExtensionsPath" }) start.Environment.Remove(variable);
        start.Environment["MSBUILDDISABLENODEREUSE"] = "1";
        try
        {
            using var process = Process.Start(start) ?? throw new SglException("--plugin-project: 'dotnet build' did not start");
            var error = process.StandardError.ReadToEndAsync();
            var output = process.StandardOutput.ReadToEnd();
            process.WaitForExit();
            if (process.ExitCode == 0) return output;
            var lines = (output + error.GetAwaiter().GetResult()).Split('\n');
            var first = lines.FirstOrDefault(line => line.Contains(": error ", StringComparison.Ordinal)) ?? lines.FirstOrDefault(line => line.Trim().Length > 0) ?? "no message";
            throw new SglException($"--plugin-project: {Path.GetFileName(project)} does not build: {MessageText.Line(first.Trim())}");
        }
        catch (System.ComponentModel.Win32Exception e)
        {
            throw new SglException("--plugin-project needs the .NET SDK ('dotnet'), which was not found", e);
        }
    }
}
