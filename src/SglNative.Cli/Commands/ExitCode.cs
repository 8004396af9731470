namespace SglNative.Cli.Commands;

/// <summary>What the program's exit code says.</summary>
internal static class ExitCode
{
    /// <summary>Done.</summary>
    public const int Done = 0;

    /// <summary>The user or the input made a mistake; one line on the error stream says which.</summary>
    public const int UserError = 1;

    /// <summary>This program made a mistake; a stack trace is on the error stream.</summary>
    public const int Defect = 2;

    /// <summary>The user interrupted a command before it was done, as shells number it.</summary>
    public const int Interrupted = 130;
}
