namespace SglNative.Engine.Loading;

/// <summary>How far a start has come.</summary>
/// <param name="Stage">What is being done, such as <c>Loading weights</c>.</param>
/// <param name="Done">Bytes (or steps) done.</param>
/// <param name="Total">Bytes (or steps) in all.</param>
public readonly record struct LoadProgress(string Stage, long Done, long Total);
