using System.Text;
using System.Text.RegularExpressions;
using SglNative.Cli.Commands;

namespace SglNative.Cli.Tests.Serving;

/// <summary>A whole <c>sgl-native</c> command in this process: as the program runs it, without the cost of a process.</summary>
internal sealed partial class ServeRun : IAsyncDisposable
{
    private readonly CancellationTokenSource _stop = new();
    private readonly Lines _output = new(), _error = new();
    private readonly Task<int> _run;

    private ServeRun(string[] words) =>
        _run = Task.Run(() => CommandSet.Default.RunAsync(words, new CommandContext(TextReader.Null, _output, _error, _stop.Token)));

    public string Output => _output.ToString();

    public string Error => _error.ToString();

    /// <summary>Where it listens, once it is ready.</summary>
    public Uri Address => new(ReadyLine().Match(Output).Groups["address"].Value);

    public string CurlLine => Output.Split('\n').Single(line => line.StartsWith("curl ", StringComparison.Ordinal)).Trim();

    public static ServeRun Start(params string[] words) => new(words);

    /// <summary>Starts <c>serve</c> on a free port and waits until it is ready.</summary>
    public static async Task<ServeRun> ReadyAsync(params string[] words)
    {
        var run = Start(["serve", "--port", "0", "--device", "cpu", "--max-total-tokens", "4096", .. words]);
        var first = await Task.WhenAny(run._output.HasCurl, run._run);
        Assert.True(first == run._output.HasCurl, run.Output + run.Error);
        return run;
    }

    /// <summary>Waits for the end.</summary>
    public Task<int> ExitAsync() => _run;

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _run;
        _stop.Dispose();
    }

    [GeneratedRegex(@"(?m)^Ready: (?<address>http://\S+) model=(?<model>\S+) device=(?<device>.+?)\r?$")]
    public static partial Regex ReadyLine();

    private sealed class Lines : TextWriter
    {
        private readonly StringBuilder _text = new();
        private readonly TaskCompletionSource _curl = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public override Encoding Encoding => Encoding.UTF8;

        public Task HasCurl => _curl.Task;

        public override void Write(char value)
        {
            lock (_text)
            {
                _text.Append(value);
                // The curl line is the last of the start.
                if (value == '\n' && _text.ToString().Contains("\ncurl ", StringComparison.Ordinal)) _curl.TrySetResult();
            }
        }

        public override string ToString()
        {
            lock (_text) return _text.ToString();
        }
    }
}
