namespace SglNative.Core.Hub;

/// <summary>The environment variables of the Hub's own tools, with their order of precedence.</summary>
internal sealed class HubEnvironment(Func<string, string?> variable)
{
    public string Endpoint
    {
        get
        {
            var endpoint = (Find("HF_ENDPOINT") ?? HubOptions.DefaultEndpoint).TrimEnd('/');
            return Uri.TryCreate(endpoint, UriKind.Absolute, out var uri) && uri.Scheme is "http" or "https"
                ? endpoint
                : throw new SglException($"HF_ENDPOINT is {MessageText.Quote(endpoint)}, expected an address such as {HubOptions.DefaultEndpoint}");
        }
    }

    public string CacheDirectory => FindPath("HF_HUB_CACHE") ?? FindPath("HUGGINGFACE_HUB_CACHE") ?? Path.Combine(Home, "hub");

    public bool Offline => IsTrue("HF_HUB_OFFLINE") || (Find("HF_HUB_OFFLINE") is null && IsTrue("TRANSFORMERS_OFFLINE"));

    private string Home => FindPath("HF_HOME") ?? Path.Combine(FindPath("XDG_CACHE_HOME") ?? Path.Combine(UserFolder, ".cache"), "huggingface");

    private string UserFolder => Find("HOME") ?? Environment.GetFolderPath(Environment.SpecialFolder.UserProfile);

    /// <summary>The token and where it came from; or null and where it was looked for.</summary>
    public (string? Token, string Source) FindToken()
    {
        foreach (var name in new[] { "HF_TOKEN", "HUGGING_FACE_HUB_TOKEN" })
            if (Find(name) is { } token) return (token, name);
        var path = FindPath("HF_TOKEN_PATH") ?? Path.Combine(Home, "token");
        if (!IsTrue("HF_HUB_DISABLE_IMPLICIT_TOKEN") && ReadToken(path) is { Length: > 0 } stored) return (stored, path);
        return (null, $"HF_TOKEN and {path}");
    }

    private static string? ReadToken(string path)
    {
        try
        {
            return File.Exists(path) ? File.ReadAllText(path).Trim() : null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // A token file that may not be read is as good as none; the message about access names the path.
            return null;
        }
    }

    private string? FindPath(string name) =>
        Find(name) is not { } path ? null
        : path == "~" || path.StartsWith("~/", StringComparison.Ordinal) ? Path.Join(UserFolder, path[1..])
        : path;

    private string? Find(string name) => variable(name)?.Trim() is { Length: > 0 } value ? value : null;

    private bool IsTrue(string name) => Find(name)?.ToUpperInvariant() is "1" or "ON" or "YES" or "TRUE";
}
