using System.Diagnostics;
using Microsoft.Extensions.Logging;
using SglNative.Core;
using SglNative.Core.Progress;
using SglNative.Engine.Caching;
using SglNative.Engine.Configuration;
using SglNative.Engine.Loading;
using SglNative.Interop;

namespace SglNative.Engine.Execution.Graphs;

/// <summary>Captures a server's decode steps when it starts, and says what that took.</summary>
internal static class GraphCapture
{
    private const double Gigabyte = 1e9;

    /// <summary>The runner of a server's steps, its graphs captured where there are to be any.</summary>
    /// <exception cref="SglException">A model that claims to be capturable is not, or there is no memory for its graphs.</exception>
    public static StepRunner CreateRunner(ServerArgs args, LoadedModel loaded, KvPool pool, int maxRunning, ILogger log, IByteProgress? progress)
    {
        var (backend, model) = (loaded.Backend, loaded.Model);
        var sizes = GraphSizes.For(args, backend, model, maxRunning);
        if (backend.CanRecord && !args.DisableCudaGraph && !model.CaptureSafe)
            log.LogInformation("{Class} ({Package}) declares CaptureSafe => false: its decode steps are not captured into graphs", loaded.Info.ClassName, loaded.Info.Package);
        var runner = new StepRunner(backend, model, pool, sizes, loaded.Info.ContextLength, followers: loaded.CreateFollowers(pool, sizes));
        if (sizes.Sizes.Count == 0) return runner;
        try
        {
            Capture(runner, sizes, loaded, log, progress);
            return runner;
        }
        catch (Exception e) when (e is DeviceOutOfMemoryException or SglException { InnerException: DeviceOutOfMemoryException })
        {
            runner.Dispose();
            throw new SglException($"no memory is left to capture decode steps of up to {sizes.Sizes[^1]} sequences: give a smaller --mem-fraction-static, "
                + "a smaller --cuda-graph-max-bs, or --disable-cuda-graph", e);
        }
#pragma warning disable CA1031 // a Forward that throws fails the requests that it is asked to compute, not the server
        catch (Exception e) when (e is not (SglException or OperationCanceledException))
#pragma warning restore CA1031
        {
            runner.Dispose();
            log.LogWarning("decode steps are not captured into graphs: {Class} ({Package}) throws {Exception}: {Message}",
                loaded.Info.ClassName, loaded.Info.Package, e.GetType().Name, MessageText.Line(e.Message));
            return new StepRunner(backend, model, pool, followers: loaded.CreateFollowers(pool));
        }
        catch
        {
            runner.Dispose();
            throw;
        }
    }

    private static void Capture(StepRunner runner, GraphSizes sizes, LoadedModel loaded, ILogger log, IByteProgress? progress)
    {
        var before = loaded.Backend.Memory.Free;
        log.LogInformation("Capture cuda graph begin. avail mem={Memory:F2} GB", before / Gigabyte);
        log.LogInformation("Capture cuda graph bs [{Sizes}]", string.Join(", ", sizes.Sizes));
        var started = Stopwatch.GetTimestamp();
        runner.Capture(progress);
        var after = loaded.Backend.Memory.Free;
        log.LogInformation("Capture cuda graph end. Time elapsed: {Seconds:F2} s. mem usage={Used:F2} GB. avail mem={Memory:F2} GB.",
            Stopwatch.GetElapsedTime(started).TotalSeconds, (before - after) / Gigabyte, after / Gigabyte);
    }
}
