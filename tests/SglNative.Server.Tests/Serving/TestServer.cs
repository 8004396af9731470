using Microsoft.Extensions.Logging;
using SglNative.Engine.Configuration;
using SglNative.Models.Registry;

[assembly: AssemblyFixture(typeof(SglNative.Server.Tests.Serving.DemoServer))]

namespace SglNative.Server.Tests.Serving;

/// <summary>A real server on a free port, in this process.</summary>
public abstract class TestServer : IAsyncLifetime
{
    private SglNativeServer? _server;

    public SglNativeServer Server => _server!;

    internal Api Api { get; private set; } = null!;

    internal LogRecorder Log { get; } = new();

    protected virtual ServerArgs Args => new() { Port = 0, Device = DeviceChoice.Cpu, RandomSeed = 1 };

    protected virtual ModelRegistry? Registry => null;

    public async ValueTask InitializeAsync()
    {
        _server = await StartAsync(Args, Registry, Log);
        Api = new Api(_server.Address);
    }

    public async ValueTask DisposeAsync()
    {
        Api?.Dispose();
        if (_server is not null) await _server.DisposeAsync();
        Log.Dispose();
        GC.SuppressFinalize(this);
    }

    internal static Task<SglNativeServer> StartAsync(ServerArgs args, ModelRegistry? registry = null, ILoggerProvider? log = null) =>
        SglNativeServer.StartAsync(args, registry, loggers: LoggerFactory.Create(logging =>
        {
            logging.SetMinimumLevel(LogLevel.Warning);
            if (log is not null) logging.AddProvider(log);
        }));
}

/// <summary>The demo model; shared by all tests that change nothing.</summary>
public sealed class DemoServer : TestServer;
