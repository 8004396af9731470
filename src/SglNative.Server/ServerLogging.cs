using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Console;
using SglNative.Engine.Configuration;
using SglNative.Server.Http;

namespace SglNative.Server;

/// <summary>The log on the console.</summary>
internal static class ServerLogging
{
    /// <summary>Log lines of that severity and above, on standard error; ASP.NET's own only when they are warnings.</summary>
    public static void AddLogLines(this ILoggingBuilder logging, LogLevel level)
    {
        logging.AddConsole(console =>
        {
            console.FormatterName = LogLine.FormatterName;
            console.LogToStandardErrorThreshold = LogLevel.Trace;
        });
        logging.AddConsoleFormatter<LogLine, ConsoleFormatterOptions>();
        logging.SetMinimumLevel(level).AddFilter("Microsoft", (LogLevel)Math.Max((int)level, (int)LogLevel.Warning));
    }

    /// <summary>The least severe level that is written.</summary>
    public static LogLevel Level(LogSeverity severity) => severity switch
    {
        LogSeverity.Debug => LogLevel.Debug,
        LogSeverity.Info => LogLevel.Information,
        LogSeverity.Warning => LogLevel.Warning,
        LogSeverity.Error => LogLevel.Error,
        _ => LogLevel.Critical,
    };
}
