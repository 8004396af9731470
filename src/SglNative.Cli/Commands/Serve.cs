using SglNative.Engine.Configuration;
using SglNative.Engine.Loading;
using SglNative.Server;

namespace SglNative.Cli.Commands;

/// <summary>What <c>serve</c> does with its flags: start, say where, and wait.</summary>
internal static class Serve
{
    public static async Task<int> RunAsync(ServerCommandLine line, CommandContext context)
    {
        var args = line.Args;
        var device = DeviceOpener.Decide(args, out var fallback);
        if (args.ModelPath is null) await context.Error.WriteLineAsync("info: no --model-path is given: serving the small demo model that is part of this program");
        if (fallback is not null) await context.Error.WriteLineAsync($"info: running on the CPU: {fallback}");
        foreach (var note in line.Resolve(device)) await context.Error.WriteLineAsync($"info: {note}");
        await using var server = await SglNativeServer.StartAsync(args, progress: context.Progress, cancellation: context.Stop);
        var model = server.Engine.Model;
        await context.Out.WriteLineAsync($"Loaded {model.ClassName} ({model.Package})");
        await context.Out.WriteLineAsync($"Ready: {server.Address.ToString().TrimEnd('/')} model={server.ModelName} device={model.Device}");
        await context.Out.WriteLineAsync(CurlLine(server, args));
        await context.Out.FlushAsync();
        await context.Error.WriteLineAsync("info: Ctrl+C stops the server");
        try
        {
            await server.WaitForShutdownAsync(context.Stop);
        }
        catch (OperationCanceledException) when (context.Stop.IsCancellationRequested)
        {
            // Being interrupted is how a server ends.
        }
        await context.Error.WriteLineAsync("info: stopping");
        return ExitCode.Done;
    }

    // What works when it is pasted depends on what was loaded.
    private static string CurlLine(SglNativeServer server, ServerArgs args)
    {
        var (path, body) = server.TakesChats ? ("v1/chat/completions", """{"messages":[{"role":"user","content":"Hello!"}]}""")
            : server.Engine.Tokenizer is not null ? ("v1/completions", """{"prompt":"Once upon a time","max_tokens":32}""")
            : ("generate", """{"input_ids":[1],"sampling_params":{"max_new_tokens":8}}""");
        // The key itself would end up in logs.
        var key = args.ApiKey is { Length: > 0 } ? " -H 'Authorization: Bearer YOUR_KEY'" : "";
        return $"curl {server.Address}{path}{key} -H 'Content-Type: application/json' -d '{body}'";
    }
}
