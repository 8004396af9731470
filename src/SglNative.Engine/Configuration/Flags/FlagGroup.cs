using System.Collections.Immutable;

namespace SglNative.Engine.Configuration.Flags;

/// <summary>A titled run of rows, as SGLang's page of server arguments groups them.</summary>
/// <param name="Title">The heading.</param>
/// <param name="Flags">The rows.</param>
public sealed record FlagGroup(string Title, ImmutableArray<Flag> Flags);
