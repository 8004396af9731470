using SglNative.Engine.Configuration.Flags;
using SglNative.Engine.Configuration.Surface;

namespace SglNative.Cli.Commands;

/// <summary>The page docs/flags.md.</summary>
internal static class FlagDocs
{
    public static string Page() => FlagReference.Write(
        ("sgl-native serve", ServerFlags.Groups),
        ("sgl-native bench-one-batch", [BenchOneBatchFlags.Group]));
}
