using System.Globalization;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Logging.Console;

namespace SglNative.Server.Http;

/// <summary>Log lines in SGLang's form, <c>[2026-01-31 23:59:59] message</c>; a stack trace follows on lines of its own.</summary>
internal sealed class LogLine() : ConsoleFormatter(FormatterName)
{
    public const string FormatterName = "sgl";

    public override void Write<TState>(in LogEntry<TState> logEntry, IExternalScopeProvider? scopeProvider, TextWriter textWriter)
    {
        textWriter.Write(DateTime.Now.ToString("[yyyy-MM-dd HH:mm:ss] ", CultureInfo.InvariantCulture));
        if (logEntry.LogLevel != LogLevel.Information) textWriter.Write($"{logEntry.LogLevel.ToString().ToUpperInvariant()}: ");
        textWriter.WriteLine(logEntry.Formatter(logEntry.State, logEntry.Exception).ReplaceLineEndings(" "));
        if (logEntry.Exception is { } exception) textWriter.WriteLine(exception);
    }
}
