using System.ComponentModel;
using System.Diagnostics;
using System.Text.RegularExpressions;
using SglNative.Interop.Emulated;
using SglNative.Testing;

namespace SglNative.Emulated.Tests;

/// <summary>What CMakeLists.txt makes with a C++ compiler alone: kernels for the host, and a self-check of each.</summary>
public sealed partial class HostBuildTests
{
    [Fact]
    public void Every_kernel_file_builds_for_the_host_and_passes_its_self_check()
    {
        if (!File.Exists(Path.Combine(TestFiles.Root, "CMakeLists.txt"))) Assert.Skip("the sources are not here");
        if (new EmulatedDeviceProvider().CountDevices(out var reason) == 0) Assert.Skip(reason!);
        foreach (var program in (string[])["cmake", "make"])
            if (Run(program, "--version") is null) Assert.Skip($"{program} was not found; install it (apt: {program})");
        using var folder = new TemporaryFolder();
        Succeed("cmake", "-S", TestFiles.Root, "-B", folder.Path);
        Succeed("cmake", "--build", folder.Path, "--parallel", "2", "--target", "host_kernels");
        var log = Succeed("ctest", "--test-dir", folder.Path, "--parallel", "2", "--output-on-failure", "--timeout", "300");
        Assert.Equal(CatalogFile.Read().Select(kernel => kernel.File).Distinct().Order(), Passed().Matches(log).Select(match => match.Groups["name"].Value).Order());
    }

    [Fact]
    public void No_kernel_file_is_without_a_self_check() => Assert.All(
        CatalogFile.Read().Select(kernel => kernel.File).Distinct(),
        file => Assert.True(File.Exists(Path.Combine(TestFiles.Root, "kernels", "host", "checks", Path.ChangeExtension(file, ".cpp"))), $"kernels/{file} has no kernels/host/checks/{Path.ChangeExtension(file, ".cpp")}"));

    private static string Succeed(string program, params string[] arguments)
    {
        var (code, log) = Run(program, arguments) ?? throw new InvalidOperationException($"{program} was not found");
        Assert.True(code == 0, $"{program} {string.Join(' ', arguments)}:\n{log}");
        return log;
    }

    // Null where there is no such program.
    private static (int Code, string Log)? Run(string program, params string[] arguments)
    {
        var start = new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true };
        start.Environment.TryAdd("CXX", "g++");
        try
        {
            using var process = Process.Start(start)!;
            var errors = process.StandardError.ReadToEndAsync();
            var output = process.StandardOutput.ReadToEnd();
            process.WaitForExit();
            return (process.ExitCode, output + errors.Result);
        }
        catch (Win32Exception)
        {
            return null;
        }
    }

    [GeneratedRegex(@"Test +#\d+: (?<name>\S+\.cu) \.+ +Passed", RegexOptions.ExplicitCapture)]
    private static partial Regex Passed();
}
