using System.Net.Sockets;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using SglNative.Core;
using SglNative.Core.Progress;
using SglNative.Engine;
using SglNative.Engine.Configuration;
using SglNative.Engine.Loading;
using SglNative.Models.Registry;
using SglNative.Server.Http;
using SglNative.Server.Native;
using SglNative.Server.OpenAi;

namespace SglNative.Server;

using Engine = SglNative.Engine.Engine;

/// <summary>An engine behind OpenAI's and SGLang's HTTP interfaces.</summary>
public sealed class SglNativeServer : IAsyncDisposable
{
    // Requests are ended at once; this is for clients that do not take their last bytes.
    private static readonly TimeSpan ShutdownTime = TimeSpan.FromSeconds(5);

    private readonly WebApplication _app;

    private SglNativeServer(WebApplication app, Engine engine, ServedModel served, Uri address) =>
        (_app, Engine, Served, Address) = (app, engine, served, address);

    /// <summary>The engine that answers.</summary>
    public Engine Engine { get; }

    /// <summary>The name the model is served by.</summary>
    public string ModelName => Served.Name;

    /// <summary>Whether <c>/v1/chat/completions</c> works: there are a tokenizer and a chat template.</summary>
    public bool TakesChats => Served.TakesChats;

    /// <summary>Where the server listens, with the port it got.</summary>
    public Uri Address { get; }

    internal ServedModel Served { get; }

    /// <summary>Loads the model, starts listening, and serves until cancelled.</summary>
    /// <param name="args">What to serve and how.</param>
    /// <param name="registry">The architectures that are known; <see cref="ModelRegistry.Default"/> where null.</param>
    /// <param name="cancellation">Ends the server.</param>
    /// <exception cref="SglException">The model cannot be served, or the port is in use.</exception>
    public static async Task RunAsync(ServerArgs args, ModelRegistry? registry = null, CancellationToken cancellation = default)
    {
        await using var server = await StartAsync(args, registry, cancellation: cancellation).ConfigureAwait(false);
        await server.WaitForShutdownAsync(cancellation).ConfigureAwait(false);
    }

    /// <summary>Loads the model and starts listening; the server is ready when this returns.</summary>
    /// <param name="args">What to serve and how.</param>
    /// <param name="registry">The architectures that are known; <see cref="ModelRegistry.Default"/> where null.</param>
    /// <param name="progress">Told how the start goes.</param>
    /// <param name="loggers">Where to log; the console where null.</param>
    /// <param name="cancellation">Ends the start.</param>
    /// <exception cref="SglException">The model cannot be served, or the port is in use.</exception>
    public static async Task<SglNativeServer> StartAsync(
        ServerArgs args, ModelRegistry? registry = null, IByteProgress? progress = null, ILoggerFactory? loggers = null, CancellationToken cancellation = default)
    {
        var builder = WebApplication.CreateSlimBuilder(new WebApplicationOptions { Args = [] });
        builder.Logging.ClearProviders();
        if (loggers is not null) builder.Services.AddSingleton(loggers);
        else builder.Logging.AddLogLines(ServerLogging.Level(args.LogLevel));
        foreach (var (category, level) in ServerLogging.Categories(args)) builder.Logging.AddFilter(category, level);
        builder.Services.AddCors();
        builder.Services.AddSingleton<IHostLifetime, CallerLifetime>();
        builder.Services.Configure<HostOptions>(host => host.ShutdownTimeout = ShutdownTime);
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.Limits.MaxRequestBodySize = RequestBody.MaxBytes;
            kestrel.AddServerHeader = false;
            ListenAddress.Listen(kestrel, args);
        });
        // What is wrong with the arguments is found before minutes of loading, not after.
        ListenAddress.EnsureFree(args);
        InfoEndpoints.CheckPreferredSamplingParams(args);
        var template = ChatTemplateSource.Given(args);
        var app = builder.Build();
        Engine? engine = null;
        try
        {
            var factory = app.Services.GetRequiredService<ILoggerFactory>();
            var models = ModelDiscovery.Discover(args, registry, factory.CreateLogger(ModelRegistry.LogCategory));
            engine = await Engine.StartAsync(args, factory.CreateLogger("SglNative.Engine"), models, progress, cancellation).ConfigureAwait(false);
            var served = new ServedModel(engine, args, template);
            Map(app, served);
            // Requests end first, so that their connections do not hold up the server's end.
            app.Lifetime.ApplicationStopping.Register(engine.Stop);
            if (!args.SkipServerWarmup) await WarmUpAsync(engine, cancellation).ConfigureAwait(false);
            await StartListeningAsync(app, args, cancellation).ConfigureAwait(false);
            return new SglNativeServer(app, engine, served, ListenAddress.Of(app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!, args));
        }
        catch
        {
            engine?.Dispose();
            await app.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }

    /// <summary>Serves until cancelled or told to stop.</summary>
    public Task WaitForShutdownAsync(CancellationToken cancellation = default) => _app.WaitForShutdownAsync(cancellation);

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _app.StopAsync().ConfigureAwait(false);
        await _app.DisposeAsync().ConfigureAwait(false);
        await Engine.DisposeAsync().ConfigureAwait(false);
    }

    // As SGLang, what cannot compute one token does not come up: it would answer every request with a 500, and who started it would think
    // that it serves.
    private static async Task WarmUpAsync(Engine engine, CancellationToken cancellation)
    {
        try
        {
            await engine.GenerateAsync(InfoEndpoints.Probe, cancellation).ConfigureAwait(false);
        }
        catch (EngineException e)
        {
            throw new SglException($"the warm-up request failed, so nothing is served: {engine.Model.Owner}: {ModelFault.Describe(e.InnerException ?? e)}; --skip-server-warmup serves without it", e);
        }
    }

    private static async Task StartListeningAsync(WebApplication app, ServerArgs args, CancellationToken cancellation)
    {
        try
        {
            await app.StartAsync(cancellation).ConfigureAwait(false);
        }
        catch (Exception e) when (e is IOException or SocketException)
        {
            throw new SglException($"cannot listen on {args.Host}:{args.Port}: {e.Message}", e);
        }
    }

    private static void Map(WebApplication app, ServedModel served)
    {
        // As SGLang: any page may call the server. What it must not reach is guarded by --host and --api-key.
        app.UseCors(policy => policy.AllowAnyOrigin().AllowAnyMethod().AllowAnyHeader());
        app.UseMiddleware<ErrorHandling>();
        if (served.Args.ApiKey is { Length: > 0 } key) app.UseMiddleware<ApiKey>(key);
        var (info, chat, completions, generate, models, tokens) = (new InfoEndpoints(served), new ChatCompletionsEndpoint(served),
            new CompletionsEndpoint(served), new GenerateEndpoint(served), new ModelsEndpoint(served), new TokenizeEndpoints(served));
        Get(info.HealthAsync, "/health", "/ping");
        Get(info.HealthGenerateAsync, "/health_generate");
        Get(info.ModelInfoAsync, "/model_info", "/get_model_info");
        Get(info.ServerInfoAsync, "/server_info", "/get_server_info");
        Get(models.ListAsync, "/v1/models");
        Get(models.GetAsync, "/v1/models/{**id}");
        Post(chat.HandleAsync, "/v1/chat/completions");
        Post(completions.HandleAsync, "/v1/completions");
        Post(generate.HandleAsync, "/generate");
        app.MapPut("/generate", (RequestDelegate)generate.HandleAsync);
        Post(tokens.TokenizeAsync, "/tokenize", "/v1/tokenize");
        Post(tokens.DetokenizeAsync, "/detokenize", "/v1/detokenize");

        void Get(RequestDelegate handler, params ReadOnlySpan<string> paths)
        {
            foreach (var path in paths) app.MapGet(path, handler);
        }

        void Post(RequestDelegate handler, params ReadOnlySpan<string> paths)
        {
            foreach (var path in paths) app.MapPost(path, handler);
        }
    }
}
