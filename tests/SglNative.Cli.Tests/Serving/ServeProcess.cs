using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;

namespace SglNative.Cli.Tests.Serving;

/// <summary>The program itself, in a process of its own.</summary>
internal sealed class ServeProcess : IAsyncDisposable
{
    private readonly Process _process;
    private readonly StringBuilder _output = new(), _error = new();
    private readonly TaskCompletionSource _ready = new(TaskCreationOptions.RunContinuationsAsynchronously);

    private ServeProcess(Process process)
    {
        _process = process;
        process.OutputDataReceived += (_, e) => Take(_output, e.Data);
        process.ErrorDataReceived += (_, e) => Take(_error, e.Data);
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
    }

    public string Output { get { lock (_output) return _output.ToString(); } }

    public string Error { get { lock (_error) return _error.ToString(); } }

    /// <summary>Where it listens, once it is ready.</summary>
    public Uri Address => new(ServeRun.ReadyLine().Match(Output).Groups["address"].Value);

    public string CurlLine => Output.Split('\n').Single(line => line.StartsWith("curl ", StringComparison.Ordinal)).Trim();

    /// <summary>Starts <c>sgl-native</c> with the words, on the CPU.</summary>
    public static ServeProcess Start(params string[] words)
    {
        var start = new ProcessStartInfo(Environment.ProcessPath is { } host && Path.GetFileNameWithoutExtension(host) == "dotnet" ? host : "dotnet",
            [Path.Combine(AppContext.BaseDirectory, "sgl-native.dll"), .. words]) { RedirectStandardOutput = true, RedirectStandardError = true };
        return new ServeProcess(Process.Start(start)!);
    }

    /// <summary>Starts <c>serve</c> on a free port and waits until it is ready.</summary>
    public static async Task<ServeProcess> ReadyAsync(params string[] words)
    {
        var process = Start(["serve", "--port", "0", "--device", "cpu", "--max-total-tokens", "4096", .. words]);
        var first = await Task.WhenAny(process._ready.Task, process._process.WaitForExitAsync());
        Assert.True(first == process._ready.Task, process.Output + process.Error);
        return process;
    }

    /// <summary>Waits for the end.</summary>
    public async Task<int> ExitAsync()
    {
        await _process.WaitForExitAsync();
        // The streams may hold lines yet.
        _process.WaitForExit();
        return _process.ExitCode;
    }

    public void Signal(PosixSignal signal) =>
        Process.Start("kill", [signal == PosixSignal.SIGINT ? "-INT" : "-TERM", _process.Id.ToString(CultureInfo.InvariantCulture)])!.WaitForExit();

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited) _process.Kill(entireProcessTree: true);
        await _process.WaitForExitAsync();
        _process.Dispose();
    }

    private void Take(StringBuilder text, string? line)
    {
        if (line is null) return;
        lock (text) text.AppendLine(line);
        // The curl line is the last of the start.
        if (text == _output && line.StartsWith("curl ", StringComparison.Ordinal)) _ready.TrySetResult();
    }
}
