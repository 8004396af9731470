using SglNative.Engine.Configuration;
using SglNative.Engine.Configuration.Flags;
using SglNative.Engine.Configuration.Surface;

namespace SglNative.Cli.Commands;

/// <summary><c>sgl-native serve</c>: an HTTP server on a model, until it is interrupted.</summary>
/// <param name="serve">Starts the server that a command line describes and returns its exit code once it has stopped.</param>
internal sealed class ServeCommand(Func<ServerCommandLine, CommandContext, Task<int>> serve) : ICommand
{
    public string Name => "serve";

    public IReadOnlyList<string> Aliases => ["launch-server", "launch_server"];

    public string Summary => "Starts a server on a model; without flags, on the embedded demo model.";

    public string Help(int width) => $"""
        usage: sgl-native serve [--model-path DIR] [FLAGS]

        {Summary}
        Flags have SGLang's names and defaults. A beginning that fits one flag only is enough: --tp for --tp-size.

        """ + FlagHelp.Write(ServerFlags.Groups, width);

    public Task<int> RunAsync(IReadOnlyList<string> args, CommandContext context) => serve(ServerCommandLine.Parse(args), context);
}
