using System.Diagnostics;
using System.Diagnostics.CodeAnalysis;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics.X86;

namespace SglNative.Interop.Emulated.Compilation;

/// <summary>The C++ compiler of the machine.</summary>
/// <param name="Command">How it is called.</param>
/// <param name="Identity">Name and version.</param>
internal sealed record HostCompiler(string Command, string Identity)
{
    private const int OldestMajor = 11;

    private static readonly Lazy<(HostCompiler? Compiler, string? Reason)> Found = new(Find);

    /// <summary>What code is generated for: as much of the vector units as any machine of the last ten years has.</summary>
    public static string Architecture =>
        RuntimeInformation.ProcessArchitecture == System.Runtime.InteropServices.Architecture.Arm64 ? "armv8-a" : Avx2.IsSupported && Fma.IsSupported ? "x86-64-v3" : "x86-64";

    /// <summary>The compiler, or one line that says why there is none.</summary>
    public static bool TryFind([NotNullWhen(true)] out HostCompiler? compiler, [NotNullWhen(false)] out string? reason)
    {
        (compiler, reason) = Found.Value;
        return compiler is not null;
    }

    /// <summary>Runs it in <paramref name="folder"/>.</summary>
    public (bool Succeeded, string Log) Run(string folder, IEnumerable<string> arguments) => Run(Command, folder, arguments);

    /// <summary>Runs a program and returns what it wrote.</summary>
    public static (bool Succeeded, string Log) Run(string command, string folder, IEnumerable<string> arguments)
    {
        var start = new ProcessStartInfo(command, arguments) { WorkingDirectory = folder, RedirectStandardOutput = true, RedirectStandardError = true };
        start.Environment["LC_ALL"] = "C";
        using var process = Process.Start(start) ?? throw new InvalidOperationException($"{command} did not start");
        var output = process.StandardOutput.ReadToEndAsync();
        var errors = process.StandardError.ReadToEnd();
        process.WaitForExit();
        return (process.ExitCode == 0, output.Result + errors);
    }

    private static (HostCompiler?, string?) Find()
    {
        if (!OperatingSystem.IsLinux()) return (null, "the emulated device runs on Linux only; use --device cpu");
        if (RuntimeInformation.ProcessArchitecture is not (System.Runtime.InteropServices.Architecture.X64 or System.Runtime.InteropServices.Architecture.Arm64))
            return (null, "the emulated device knows x86-64 and aarch64 only; use --device cpu");
        string[] commands = Environment.GetEnvironmentVariable("CXX") is { Length: > 0 } chosen ? [chosen, "g++", "c++"] : ["g++", "c++"];
        foreach (var command in commands)
        {
            try
            {
                var (succeeded, log) = Run(command, ".", ["-E", "-dM", "-x", "c++", "/dev/null"]);
                if (!succeeded || log.Contains("__clang__", StringComparison.Ordinal)) continue;
                var version = Macro(log, "__VERSION__").Trim('"');
                if (int.TryParse(Macro(log, "__GNUC__"), out var major) && major >= OldestMajor) return (new HostCompiler(command, $"g++ {version}"), null);
            }
            catch (System.ComponentModel.Win32Exception)
            {
                // There is no such program.
            }
        }
        return (null, $"the emulated device needs g++ {OldestMajor} or later to compile kernels for the host, and none was found; install it (apt: g++), or use --device cpu");
    }

    private static string Macro(string definitions, string name)
    {
        var start = definitions.IndexOf($"#define {name} ", StringComparison.Ordinal);
        if (start < 0) return "";
        start += "#define  ".Length + name.Length;
        var end = definitions.IndexOf('\n', start);
        return (end < 0 ? definitions[start..] : definitions[start..end]).Trim();
    }
}
