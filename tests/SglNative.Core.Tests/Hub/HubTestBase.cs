using SglNative.Core.Hub;

namespace SglNative.Core.Tests.Hub;

/// <summary>A fake Hub, an empty cache, and options that do not wait.</summary>
public abstract class HubTestBase : IAsyncLifetime
{
    private readonly TemporaryFolder _folder = new();

    internal FakeHub Hub { get; private set; } = null!;

    internal string Cache => _folder["cache"];

    internal HubOptions Options => new()
    {
        Endpoint = Hub.Endpoint,
        CacheDirectory = Cache,
        Attempts = 3,
        RetryDelay = TimeSpan.FromMilliseconds(5),
        MaxRetryDelay = TimeSpan.FromMilliseconds(50),
        StallTimeout = TimeSpan.FromSeconds(10),
        TokenSource = "HF_TOKEN",
    };

    public async ValueTask InitializeAsync() => Hub = await FakeHub.StartAsync();

    public async ValueTask DisposeAsync()
    {
        await Hub.DisposeAsync();
        _folder.Dispose();
        GC.SuppressFinalize(this);
    }

    internal async Task<string> DownloadAsync(HubRequest? request = null, HubOptions? options = null)
    {
        using var hub = new HubDownloader(options ?? Options);
        return await hub.DownloadAsync(request ?? new HubRequest(FakeHub.Id), null, TestContext.Current.CancellationToken);
    }

    internal async Task Refused(HubRequest request, string expected, HubOptions? options = null)
    {
        var error = await Assert.ThrowsAnyAsync<SglException>(() => DownloadAsync(request, options));
        Assert.Contains(expected, error.Message);
        Assert.DoesNotContain('\n', error.Message);
    }
}
