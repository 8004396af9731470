using Microsoft.Extensions.Hosting;

namespace SglNative.Server.Http;

/// <summary>Leaves signals to the program that hosts the server; it decides when the server ends.</summary>
internal sealed class CallerLifetime : IHostLifetime
{
    public Task WaitForStartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
