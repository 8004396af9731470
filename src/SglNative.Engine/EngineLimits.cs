using SglNative.Core;
using SglNative.Engine.Configuration;
using SglNative.Engine.Loading;
using SglNative.Engine.Scheduling;
using SglNative.Models.Backends;

namespace SglNative.Engine;

/// <summary>How much an engine computes at once, from the arguments and the device.</summary>
internal static class EngineLimits
{
    private const int CpuChunk = 512;
    private const int GpuChunk = 2048;
    internal const int MostRunning = 256;
    private const double NewTokenRatio = 0.5;

    public static SchedulingLimits For(ServerArgs args, LoadedModel loaded)
    {
        var chunk = ChunkTokens(args, loaded);
        var running = args.MaxRunningRequests ?? Math.Min(MostRunning, Math.Max(1, loaded.Info.MaxTotalTokens / 2));
        // States are counted when memory is planned: by what fits, or by what was asked for.
        if (loaded.Info.MaxStates > 0) running = Math.Min(running, loaded.Info.MaxStates);
        if (running < 1) throw new SglException($"--max-running-requests is {running}, expected at least 1");
        // A step holds a token of every running sequence beside its prompt tokens.
        return new SchedulingLimits(running, Math.Max(chunk, running), Math.Clamp(NewTokenRatio * args.ScheduleConservativeness, 0, 1));
    }

    /// <summary>The most prompt tokens of one step.</summary>
    /// <exception cref="SglException">--chunked-prefill-size makes no sense.</exception>
    public static int ChunkTokens(ServerArgs args, LoadedModel loaded) => ChunkTokens(args, loaded.Backend, loaded.Info.ContextLength);

    /// <inheritdoc cref="ChunkTokens(ServerArgs, LoadedModel)"/>
    public static int ChunkTokens(ServerArgs args, Backend backend, int contextLength) => args.ChunkedPrefillSize switch
    {
        null => backend.Name == "cpu" ? CpuChunk : GpuChunk,
        -1 => Math.Max(args.MaxPrefillTokens, contextLength),
        > 0 and var size => size,
        var other => throw new SglException($"--chunked-prefill-size is {other}, expected -1 (whole prompts) or at least 1"),
    };
}
