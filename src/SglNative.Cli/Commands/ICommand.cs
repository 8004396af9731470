namespace SglNative.Cli.Commands;

/// <summary>One command of the program, such as <c>sgl-native tokenize</c>.</summary>
internal interface ICommand
{
    /// <summary>Its name, which may be two words.</summary>
    string Name { get; }

    /// <summary>Other names that mean the same.</summary>
    IReadOnlyList<string> Aliases => [];

    /// <summary>One line that says what it does.</summary>
    string Summary { get; }

    /// <summary>What <c>--help</c> prints, in lines of at most <paramref name="width"/> characters.</summary>
    string Help(int width);

    /// <summary>Runs with the words that follow the name.</summary>
    /// <returns>The exit code.</returns>
    /// <exception cref="Core.SglException">The user's mistake, as one line.</exception>
    Task<int> RunAsync(IReadOnlyList<string> args, CommandContext context);
}
