using SglNative.Testing;

namespace SglNative.Cli.Tests.Plugins;

/// <summary>The plugins in samples/, as they were built beside these tests.</summary>
internal static class SamplePlugins
{
    public static string Assembly(string name) =>
        Path.Combine(TestFiles.Root, "samples", name, "bin", new DirectoryInfo(AppContext.BaseDirectory).Parent!.Name, "net10.0", $"{name}.dll");
}
