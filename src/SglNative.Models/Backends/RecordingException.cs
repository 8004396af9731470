using System.Diagnostics;
using SglNative.Core;

namespace SglNative.Models.Backends;

/// <summary>A call that cannot be part of a recording was made while operations were recorded.</summary>
public sealed class RecordingException : SglException
{
    private static readonly string[] OwnAssemblies = ["SglNative.Models", "SglNative.Cpu", "SglNative.Cuda", "SglNative.Engine"];

    /// <summary>The error of <paramref name="call"/>, found by the frame that calls this.</summary>
    /// <param name="call">The call, such as <c>Backend.Download</c>.</param>
    /// <param name="reason">Why it cannot be recorded, a relative clause: <c>which …</c>.</param>
    public RecordingException(string call, string reason) : base($"{call}, {reason}, cannot be recorded")
    {
        (Call, Reason) = (call, reason);
        Caller = FindCaller();
    }

    /// <summary>An error without a call.</summary>
    public RecordingException() : this("a call", "which does more than issue operations") { }

    /// <summary>The error of <paramref name="call"/>.</summary>
    public RecordingException(string call) : this(call, "which does more than issue operations") { }

    /// <summary>The error of <paramref name="call"/>, and what caused it.</summary>
    public RecordingException(string call, Exception innerException) : base(call, innerException) => (Call, Reason) = (call, "which does more than issue operations");

    /// <summary>The call.</summary>
    public string Call { get; }

    /// <summary>Why it cannot be recorded.</summary>
    public string Reason { get; }

    /// <summary>The method outside this program's own assemblies that made the call, <c>Type.Method</c>; null where there is none.</summary>
    public string? Caller { get; }

    // Whoever wrote the model looks for the line that is theirs.
    private static string? FindCaller()
    {
        foreach (var frame in new StackTrace(2, fNeedFileInfo: false).GetFrames())
        {
            if (DiagnosticMethodInfo.Create(frame) is not { } method || method.DeclaringTypeName is not { } type) continue;
            var assembly = method.DeclaringAssemblyName.Split(',')[0];
            if (OwnAssemblies.Contains(assembly, StringComparer.Ordinal)) continue;
            return assembly.StartsWith("System", StringComparison.Ordinal) ? null : $"{type[(type.LastIndexOfAny(['.', '+']) + 1)..]}.{method.Name}";
        }
        return null;
    }
}
