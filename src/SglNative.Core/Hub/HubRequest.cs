namespace SglNative.Core.Hub;

/// <summary>What to get from the Hub.</summary>
/// <param name="Repository"><c>owner/name</c>.</param>
public sealed record HubRequest(string Repository)
{
    /// <summary>Branch, tag or commit.</summary>
    public string Revision { get; init; } = "main";

    /// <summary>The cache's folder (<c>--download-dir</c>); null for <see cref="HubOptions.CacheDirectory"/>.</summary>
    public string? CacheDirectory { get; init; }

    /// <summary>False gets configuration and tokenizer only, for <c>--load-format dummy</c>.</summary>
    public bool IncludeWeights { get; init; } = true;
}
