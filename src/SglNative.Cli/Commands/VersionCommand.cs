using System.Reflection;

namespace SglNative.Cli.Commands;

/// <summary><c>sgl-native version</c>, or <c>sgl-native --version</c>.</summary>
internal sealed class VersionCommand : ICommand
{
    public const string Word = "version";

    public string Name => Word;

    public string Summary => "Prints the program's version.";

    public string Help(int width) => $"""
        usage: sgl-native version

        {Summary}

        """;

    public async Task<int> RunAsync(IReadOnlyList<string> args, CommandContext context)
    {
        var version = typeof(VersionCommand).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()!.InformationalVersion;
        await context.Out.WriteLineAsync($"sgl-native {version}");
        return ExitCode.Done;
    }
}
