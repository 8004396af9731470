using SglNative.Core;
using SglNative.Engine.Configuration.Flags;

namespace SglNative.Cli.Text;

/// <summary>Flags that the text commands share.</summary>
internal static class TextFlags
{
    public static readonly Flag<string?> TokenizerPath =
        Flag.Text("--tokenizer-path", "Folder of a checkpoint, or a tokenizer's file.").Alias("--model-path").Shown("DIR_OR_FILE").ForCommand();

    /// <summary>The value of a flag that cannot be left out.</summary>
    public static string Required(FlagValues values, Flag<string?> flag) =>
        values.Get(flag) ?? throw new SglException($"{flag.Name} {flag.Placeholder} is missing");
}
