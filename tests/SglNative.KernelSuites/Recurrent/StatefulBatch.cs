using SglNative.Models.Batches;
using SglNative.OpsContract;

namespace SglNative.KernelSuites;

/// <summary>Batches for kernels with a state per sequence.</summary>
internal static class StatefulBatch
{
    /// <summary>Prompts, chunks of prompts and decode steps, side by side, some shorter than a convolution.</summary>
    public static IReadOnlyList<(int Queries, int Total)> Mixed { get; } = [(1, 1), (17, 17), (1, 9), (3, 40), (2, 2), (70, 130), (1, 200)];

    /// <summary>So many sequences, each with so many tokens of this batch, and none before.</summary>
    public static (int Queries, int Total)[] Equal(int sequences, int queries) => [.. Enumerable.Repeat((queries, queries), sequences)];

    /// <summary>What kernels read of the batch.</summary>
    public static AttentionMetadata Metadata(this Workbench bench, StatefulSequences batch) => new()
    {
        QueryStart = bench.Upload(batch.QueryStart),
        KvLengths = bench.Upload([.. batch.Sequences.Select(s => s.Total)]),
        PageTable = bench.Upload([], batch.Sequences.Length, 0),
        StateSlots = bench.Upload(batch.Slots),
        PageSize = 1,
        MaxQueryLength = batch.Sequences.Max(s => s.Queries),
        MaxKvLength = batch.Sequences.Max(s => s.Total),
    };
}
