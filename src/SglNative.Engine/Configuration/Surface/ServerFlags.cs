using System.Collections.Immutable;
using SglNative.Engine.Configuration.Flags;

namespace SglNative.Engine.Configuration.Surface;

/// <summary>The one table of every flag that SGLang's server knows, from which parsing, help and docs/flags.md follow.</summary>
public static class ServerFlags
{
    /// <summary>The groups of the table, in the order of SGLang's page of server arguments.</summary>
    public static ImmutableArray<FlagGroup> Groups { get; } =
    [
        ModelFlags.Group, PluginFlags.Group, HttpFlags.Group, QuantizationFlags.Group, SchedulingFlags.Group, RuntimeFlags.Group, LoggingFlags.Group,
        ApiFlags.Group, ParallelFlags.Group, OverrideFlags.Group, LoraFlags.Group, KernelFlags.Group, SpeculativeFlags.Group,
        MoeFlags.Group, CacheFlags.Mamba, CacheFlags.Hierarchical, OffloadFlags.KTransformers, OffloadFlags.Diffusion,
        OffloadFlags.Offloading, OffloadFlags.Scoring, OptimizationFlags.Cache, OptimizationFlags.Kernels, OptimizationFlags.Requests,
        OptimizationFlags.Debugging, DisaggregationFlags.Group, LoaderFlags.Loader, LoaderFlags.Multimodal, LoaderFlags.Misc,
        DeprecatedFlags.Group,
    ];

    /// <summary>The table of <c>sgl-native serve</c>.</summary>
    public static FlagTable Table { get; } = new(Groups);
}
