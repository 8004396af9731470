using SglNative.Core.Progress;

namespace SglNative.Cli.Commands;

/// <summary>What a command talks to, so that tests can run it in process.</summary>
/// <param name="In">Where input is read from.</param>
/// <param name="Out">Where results go.</param>
/// <param name="Error">Where messages go.</param>
/// <param name="Stop">Cancelled when the user interrupts the program.</param>
internal sealed record CommandContext(TextReader In, TextWriter Out, TextWriter Error, CancellationToken Stop)
{
    private const int DefaultWidth = 100;

    /// <summary>Shows on the error stream how a long transfer goes: as a bar where that is a terminal.</summary>
    public IByteProgress Progress { get; } = new ConsoleByteProgress(Error, ReferenceEquals(Error, Console.Error) && !Console.IsErrorRedirected);

    /// <summary>Characters in a line of help.</summary>
    public int Width { get; } = DefaultWidth;
}
