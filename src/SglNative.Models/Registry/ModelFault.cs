using System.Diagnostics;
using System.Reflection;
using SglNative.Core;

namespace SglNative.Models.Registry;

/// <summary>What a model's code threw, as one line.</summary>
public static class ModelFault
{
    private static readonly string[] NotTheModels = ["SglNative.", "System.", "Microsoft."];

    /// <summary>
    /// As in messages: <c>InvalidOperationException: the cache is empty (MyModel.Attention.Forward, /home/me/MyModel/Attention.cs:41)</c>.
    /// The place is the innermost one in code that is not of this program.
    /// </summary>
    public static string Describe(Exception thrown)
    {
        ArgumentNullException.ThrowIfNull(thrown);
        // These two only say that something else was thrown inside.
        while (thrown is TypeInitializationException or TargetInvocationException && thrown.InnerException is { } inner) thrown = inner;
        return $"{thrown.GetType().Name}: {MessageText.Line(thrown.Message)}{Place(thrown)}";
    }

    private static string Place(Exception thrown)
    {
        var frames = new StackTrace(thrown, fNeedFileInfo: true).GetFrames();
        var frame = Array.Find(frames, one => DiagnosticMethodInfo.Create(one) is { } method && !NotTheModels.Any(start => method.DeclaringAssemblyName.StartsWith(start, StringComparison.Ordinal)))
            ?? frames.FirstOrDefault();
        if (frame is null || DiagnosticMethodInfo.Create(frame) is not { } found) return "";
        var file = frame.GetFileName() is { } path ? $", {path}:{frame.GetFileLineNumber()}" : "";
        return $" ({found.DeclaringTypeName}.{found.Name}{file})";
    }
}
