using Microsoft.Extensions.Logging;
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
}
