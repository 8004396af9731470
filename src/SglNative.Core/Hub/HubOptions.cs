namespace SglNative.Core.Hub;

/// <summary>Where the Hub is, who asks, where files are kept, and how patient to be. Immutable.</summary>
public sealed record HubOptions
{
    /// <summary>The Hub's address unless HF_ENDPOINT says otherwise.</summary>
    public const string DefaultEndpoint = "https://huggingface.co";

    /// <summary>The Hub's address, without a slash at its end.</summary>
    public string Endpoint { get; init; } = DefaultEndpoint;

    /// <summary>The access token, or null for an anonymous download. It is sent to <see cref="Endpoint"/> only.</summary>
    public string? Token { get; init; }

    /// <summary>Where the token came from, or where none was found; for messages.</summary>
    public string TokenSource { get; init; } = "HF_TOKEN";

    /// <summary>The cache in the Hub's standard layout, shared with other tools.</summary>
    public required string CacheDirectory { get; init; }

    /// <summary>Uses the cache only and never touches the network.</summary>
    public bool Offline { get; init; }

    /// <summary>Most files transferred at once.</summary>
    public int Concurrency { get; init; } = 8;

    /// <summary>Attempts at a request, or at getting any further with a file, before giving up.</summary>
    public int Attempts { get; init; } = 6;

    /// <summary>Wait after the first failure; it doubles with each further one.</summary>
    public TimeSpan RetryDelay { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>Longest wait, also where the server asks for a longer one.</summary>
    public TimeSpan MaxRetryDelay { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>A connection that sends nothing for this long is taken to be broken.</summary>
    public TimeSpan StallTimeout { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>
    /// Reads HF_ENDPOINT, HF_TOKEN (or the file HF_TOKEN_PATH, HF_HOME/token), HF_HUB_CACHE, HF_HOME, XDG_CACHE_HOME and
    /// HF_HUB_OFFLINE as the Hub's own tools do. Proxies come from HTTPS_PROXY, HTTP_PROXY and NO_PROXY.
    /// </summary>
    /// <param name="variable">Looks up an environment variable; null for the process's own.</param>
    /// <exception cref="SglException">HF_ENDPOINT is not an address.</exception>
    public static HubOptions FromEnvironment(Func<string, string?>? variable = null)
    {
        var environment = new HubEnvironment(variable ?? Environment.GetEnvironmentVariable);
        var (token, source) = environment.FindToken();
        return new HubOptions
        {
            Endpoint = environment.Endpoint,
            Token = token,
            TokenSource = source,
            CacheDirectory = environment.CacheDirectory,
            Offline = environment.Offline,
        };
    }

    /// <summary>Keeps the token out of logs.</summary>
    public override string ToString() => $"Hub {Endpoint}, cache {CacheDirectory}{(Offline ? ", offline" : "")}";
}
