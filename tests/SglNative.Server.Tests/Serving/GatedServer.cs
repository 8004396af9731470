using SglNative.Models.Registry;

namespace SglNative.Server.Tests.Serving;

/// <summary>The demo model behind a gate; each test class has its own.</summary>
public class GatedServer : TestServer
{
    public StepGate Gate { get; } = new();

    protected override ModelRegistry Registry => Gate.Registry();

    /// <summary>Waits until as many requests have arrived as <paramref name="count"/> says, however far they are.</summary>
    public async Task UntilArrivedAsync(long count, CancellationToken cancellation)
    {
        while (Server.Engine.Stats.Arrived < count) await Task.Delay(10, cancellation);
    }
}
