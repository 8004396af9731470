namespace SglNative.Server.OpenAi;

/// <summary>What <c>/v1/models</c> answers.</summary>
internal sealed record ModelList(string Object, IReadOnlyList<ModelCard> Data);

internal sealed record ModelCard(string Id, string Object, long Created, string OwnedBy, string Root, string? Parent, int MaxModelLen);
