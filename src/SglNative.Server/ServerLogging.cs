using Microsoft.Extensions.Logging;
using SglNative.Core;
using SglNative.Engine.Configuration;

namespace SglNative.Server;

/// <summary>From <c>--log-level</c> to .NET's levels.</summary>
public static class ServerLogging
{
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
