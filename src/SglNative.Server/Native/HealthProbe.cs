using System.Diagnostics;
using SglNative.Engine;

namespace SglNative.Server.Native;

using Engine = SglNative.Engine.Engine;

/// <summary>Finds out whether an engine computes tokens now, without waiting for a turn behind the requests that are there.</summary>
internal static class HealthProbe
{
    // SGLang's own patience.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(100);

    /// <summary>Null when the engine computed something; else why it is taken for broken.</summary>
    public static async Task<string?> RunAsync(Engine engine, CancellationToken cancellation)
    {
        using var ended = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        var (steps, started) = (engine.Stats.Steps, Stopwatch.GetTimestamp());
        var probe = GenerateAsync(engine, ended.Token);
        try
        {
            while (true)
            {
                if (await Task.WhenAny(probe, Task.Delay(Interval, cancellation)).ConfigureAwait(false) == probe)
                    return await probe.ConfigureAwait(false);
                // Under load the probe waits for its turn, and any step that succeeds meanwhile proves as much.
                if (engine.Stats.Steps != steps) return null;
                cancellation.ThrowIfCancellationRequested();
                if (Stopwatch.GetElapsedTime(started) > Patience) return $"the engine computed nothing in {Patience.TotalSeconds:0} seconds";
            }
        }
        finally
        {
            await ended.CancelAsync().ConfigureAwait(false);
        }
    }

    private static async Task<string?> GenerateAsync(Engine engine, CancellationToken cancellation)
    {
        try
        {
            await engine.GenerateAsync(InfoEndpoints.Probe, cancellation).ConfigureAwait(false);
            return null;
        }
        catch (OperationCanceledException)
        {
            return null;
        }
        catch (EngineException e)
        {
            return e.Message;
        }
        catch (EngineUnavailableException)
        {
            // A full queue is a sign of load, not of illness.
            return engine.Failure;
        }
    }
}
