using SglNative.Engine.Configuration;
using SglNative.Engine.Loading;
using SglNative.Server;

namespace SglNative.Cli.Commands;

/// <summary>What <c>serve</c> does with its flags: start, say where, and wait.</summary>
internal static class Serve
{
    public static async Task<int> RunAsync(ServerCommandLine line, CommandContext context)
    {
        var device = DeviceOpener.Decide(line.Args, out var fallback);
        if (fallback is not null) await context.Error.WriteLineAsync($"info: running on the CPU: {fallback}");
        foreach (var note in line.Resolve(device)) await context.Error.WriteLineAsync($"info: {note}");
        await using var server = await SglNativeServer.StartAsync(line.Args, progress: context.Progress, cancellation: context.Stop);
        var model = server.Engine.Model;
        await context.Out.WriteLineAsync($"Loaded {model.ClassName} ({model.Package})");
        await context.Out.WriteLineAsync($"Ready: {server.Address.ToString().TrimEnd('/')} model={server.ModelName} device={model.Device}");
        await context.Out.WriteLineAsync(CurlLine(server, line.Args));
        await context.Out.FlushAsync();
        try
        {
            await server.WaitForShutdownAsync(context.Stop);
        }
        catch (OperationCanceledException) when (context.Stop.IsCancellationRequested)
        {
            // Being interrupted is how a server ends.
        }
        return ExitCode.Done;
    }

    private static string CurlLine(SglNativeServer server, ServerArgs args)
    {
        var key = args.ApiKey is null ? "" : " -H 'Authorization: Bearer YOUR_KEY'";
        return $"""curl {server.Address}v1/chat/completions{key} -H 'Content-Type: application/json' -d '{"{"}"messages":[{"{"}"role":"user","content":"Hello!"{"}"}]{"}"}'""";
    }
}
