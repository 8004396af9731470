using SglNative.Models.Backends;

namespace SglNative.Engine.Parallelism;

/// <summary>The devices that share a model's weights.</summary>
/// <param name="Count">Ranks, at least one.</param>
/// <param name="Open">
/// Opens the device of a rank, joined to the others' group; called for all ranks at once, each on a thread of its own. It may block until
/// every rank has called.
/// </param>
public sealed record RankDevices(int Count, Func<int, Backend> Open);
