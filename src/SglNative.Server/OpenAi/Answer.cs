namespace SglNative.Server.OpenAi;

/// <summary>What every part of one answer repeats.</summary>
internal sealed record Answer(string Id, long Created, string Model);
