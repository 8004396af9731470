using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Console;
using SglNative.Core;
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

    /// <summary>The categories of <see cref="ServerArgs.LogCategories"/> with their levels.</summary>
    /// <exception cref="SglException">The text is of another form.</exception>
    public static IEnumerable<(string Category, LogLevel Level)> Categories(ServerArgs args)
    {
        ArgumentNullException.ThrowIfNull(args);
        foreach (var part in args.LogCategories?.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries) ?? [])
        {
            if (part.Split('=') is not [{ Length: > 0 } category, var name] || !Enum.TryParse<LogSeverity>(name, ignoreCase: true, out var severity) || int.TryParse(name, out _))
                throw new SglException($"--log-category: '{part}' is not CATEGORY=LEVEL, such as SglNative.Models.Registry=debug");
            yield return (category, Level(severity));
        }
    }
}
