using SglNative.Core;
using SglNative.Interop;
using SglNative.Models.Registry;

namespace SglNative.Engine.Loading;

/// <summary>What the code of a model that is not built in throws: its package's failure, told in one line, not a defect of this program.</summary>
internal static class PluginFault
{
    /// <summary>True for what such code threw; false for the user's mistakes, interruptions, and the device's errors.</summary>
    public static bool IsOf(ModelSource source, Exception thrown) =>
        source != ModelSource.BuiltIn && thrown is not (SglException or OperationCanceledException or DeviceException);

    /// <summary>The line.</summary>
    public static SglException Make(string owner, Exception thrown) => new($"{owner} failed: {ModelFault.Describe(thrown)}", thrown);
}
