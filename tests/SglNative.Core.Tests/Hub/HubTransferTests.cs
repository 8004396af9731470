using Microsoft.AspNetCore.Http;
using SglNative.Core.Hub;

namespace SglNative.Core.Tests.Hub;

/// <summary>Transfers that do not go well.</summary>
public sealed class HubTransferTests : HubTestBase
{
    private const string Weights = "model.safetensors";
    private const string WeightsRequest = "cdn:/model.safetensors";

    private byte[] _weights = [];

    private string Incomplete => Path.Combine(Cache, "models--owner--model", "blobs", $"{Hub.ETag(Weights)}.incomplete");

    [Fact]
    public async Task A_partial_file_is_continued()
    {
        AddModel();
        LeavePartial(_weights[..70_000]);
        var progress = new RecordingProgress();
        using var hub = new HubDownloader(Options);
        await CheckAsync(await hub.DownloadAsync(new HubRequest(FakeHub.Id), progress));
        Assert.Equal("bytes=70000-", Assert.Single(Hub.Transfers, r => r.Path == WeightsRequest).Range);
        Assert.Equal(progress.Total, progress.Done);
    }

    [Fact]
    public async Task A_partial_file_that_is_whole_needs_only_its_check()
    {
        AddModel();
        LeavePartial(_weights);
        await CheckAsync(await DownloadAsync());
        Assert.DoesNotContain(Hub.Transfers, r => r.Path == WeightsRequest);
    }

    [Theory]
    [InlineData(70_000)]
    [InlineData(100_000)]
    [InlineData(100_001)]
    public async Task A_damaged_partial_file_is_found_by_its_checksum(int length)
    {
        AddModel();
        LeavePartial(new byte[length]);
        await CheckAsync(await DownloadAsync());
        Assert.Equal("", Hub.Transfers.Last(r => r.Path == WeightsRequest).Range);
    }

    [Fact]
    public async Task A_server_without_ranges_sends_all_again()
    {
        AddModel();
        LeavePartial(_weights[..70_000]);
        Hub.Intercept = async (path, context) =>
        {
            if (path != WeightsRequest) return false;
            context.Response.ContentLength = _weights.Length;
            await context.Response.Body.WriteAsync(_weights);
            return true;
        };
        await CheckAsync(await DownloadAsync());
        Assert.Single(Hub.Transfers, r => r.Path == WeightsRequest);
    }

    [Fact]
    public async Task A_range_that_is_refused_starts_again()
    {
        AddModel();
        LeavePartial(_weights[..70_000]);
        Hub.Intercept = async (path, context) =>
        {
            if (path != WeightsRequest || context.Request.Headers.Range.Count == 0) return false;
            await FakeHub.Fail(context, 416);
            return true;
        };
        await CheckAsync(await DownloadAsync());
    }

    [Fact]
    public async Task A_broken_connection_is_continued_where_it_broke_however_often()
    {
        AddModel();
        Hub.Intercept = async (path, context) =>
        {
            if (path != WeightsRequest) return false;
            // Breaks after every 10,000 bytes: more often than there are attempts.
            var start = (int)(context.Request.GetTypedHeaders().Range?.Ranges.First().From ?? 0);
            context.Response.StatusCode = start > 0 ? 206 : 200;
            if (start > 0) context.Response.Headers.ContentRange = $"bytes {start}-{_weights.Length - 1}/{_weights.Length}";
            context.Response.ContentLength = _weights.Length - start;
            await context.Response.Body.WriteAsync(_weights.AsMemory(start, Math.Min(10_000, _weights.Length - start)));
            await context.Response.Body.FlushAsync();
            await Task.Delay(5);
            if (start + 10_000 < _weights.Length) context.Abort();
            return true;
        };
        await CheckAsync(await DownloadAsync());
        Assert.Contains(Hub.Transfers, r => r.Range == "bytes=20000-");
    }

    [Fact]
    public async Task A_response_that_ends_early_is_continued()
    {
        AddModel();
        var first = true;
        Hub.Intercept = async (path, context) =>
        {
            if (path != WeightsRequest || !first) return false;
            first = false;
            // No length and a proper end: only the size from the metadata tells that something is missing.
            await context.Response.Body.WriteAsync(_weights.AsMemory(0, 30_000));
            return true;
        };
        await CheckAsync(await DownloadAsync());
        Assert.Equal("bytes=30000-", Hub.Transfers.Last(r => r.Path == WeightsRequest).Range);
    }

    [Fact]
    public async Task A_source_that_is_damaged_is_refused_and_leaves_nothing()
    {
        AddModel();
        Hub.Intercept = async (path, context) =>
        {
            if (path != WeightsRequest) return false;
            var wrong = _weights.ToArray();
            wrong[^1] ^= 1;
            await context.Response.Body.WriteAsync(wrong);
            return true;
        };
        await Refused(new HubRequest(FakeHub.Id), "model.safetensors of owner/model arrived damaged twice");
        Assert.Equal(2, Hub.Transfers.Count(r => r.Path == WeightsRequest));
        Assert.False(File.Exists(Incomplete));
        Assert.False(File.Exists(Path.Combine(Cache, "models--owner--model", "blobs", Hub.ETag(Weights))));
        Assert.False(File.Exists(Path.Combine(Cache, "models--owner--model", "refs", "main")));
    }

    [Fact]
    public async Task A_small_file_that_is_damaged_is_refused_too()
    {
        AddModel();
        Hub.Intercept = async (path, context) =>
        {
            if (!path.EndsWith("/config.json", StringComparison.Ordinal) || context.Request.Method == "HEAD") return false;
            await context.Response.WriteAsync("{\"architectures\":[ ]}");
            return true;
        };
        await Refused(new HubRequest(FakeHub.Id), "config.json of owner/model arrived damaged twice");
    }

    [Fact]
    public async Task More_bytes_than_announced_are_refused_even_without_a_checksum()
    {
        AddModel();
        Hub.Intercept = async (path, context) =>
        {
            if (path.EndsWith("/config.json", StringComparison.Ordinal) && context.Request.Method == "HEAD")
            {
                context.Response.Headers.ETag = "\"mirror-1\"";
                context.Response.ContentLength = 2;
                return true;
            }
            return false;
        };
        await Refused(new HubRequest(FakeHub.Id), "more than its 2 bytes");
    }

    [Fact]
    public async Task A_mirror_without_checksums_is_believed()
    {
        AddModel();
        Hub.Intercept = (path, context) =>
        {
            if (!path.EndsWith(Weights, StringComparison.Ordinal) || context.Request.Method != "HEAD") return Task.FromResult(false);
            context.Response.Headers.ETag = "W/\"5f-abc\"";
            context.Response.ContentLength = _weights.Length;
            return Task.FromResult(true);
        };
        await CheckAsync(await DownloadAsync());
        Assert.True(File.Exists(Path.Combine(Cache, "models--owner--model", "blobs", "5f-abc")));
    }

    [Fact]
    public async Task A_silent_connection_is_given_up_and_tried_again()
    {
        AddModel();
        var first = true;
        Hub.Intercept = async (path, context) =>
        {
            if (path != WeightsRequest || !first) return false;
            first = false;
            await context.Response.Body.WriteAsync(_weights.AsMemory(0, 10));
            await context.Response.Body.FlushAsync();
            await Task.Delay(Timeout.Infinite, context.RequestAborted).ContinueWith(_ => { }, TaskScheduler.Default);
            return true;
        };
        await CheckAsync(await DownloadAsync(options: Options with { StallTimeout = TimeSpan.FromMilliseconds(300) }));
    }

    [Fact]
    public async Task What_was_transferred_before_a_cancellation_is_kept()
    {
        AddModel();
        using var cancellation = new CancellationTokenSource();
        Hub.Intercept = async (path, context) =>
        {
            if (path != WeightsRequest || cancellation.IsCancellationRequested) return false;
            await context.Response.Body.WriteAsync(_weights.AsMemory(0, 40_000));
            await context.Response.Body.FlushAsync();
            while (!File.Exists(Incomplete)) await Task.Delay(5);
            await Task.Delay(100);
            await cancellation.CancelAsync();
            return true;
        };
        using var hub = new HubDownloader(Options);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => hub.DownloadAsync(new HubRequest(FakeHub.Id), null, cancellation.Token));
        Assert.InRange(new FileInfo(Incomplete).Length, 1, 40_000);
        await CheckAsync(await DownloadAsync());
        Assert.StartsWith("bytes=", Hub.Transfers.Last(r => r.Path == WeightsRequest).Range);
    }

    [Fact]
    public async Task A_lock_that_another_process_holds_is_waited_for()
    {
        AddModel();
        var progress = new RecordingProgress();
        Task<string> download;
        using var hub = new HubDownloader(Options);
        using (await HubLock.AcquireAsync(Path.Combine(Cache, ".locks", "models--owner--model", $"{Hub.ETag(Weights)}.lock"), () => { }, default))
        {
            download = hub.DownloadAsync(new HubRequest(FakeHub.Id), progress);
            await Task.Delay(400);
            Assert.False(download.IsCompleted);
        }
        await CheckAsync(await download);
        Assert.Contains(progress.Notes, n => n.Contains("waiting for another process", StringComparison.Ordinal));
    }

    private void AddModel()
    {
        Hub.Add("config.json", "{\"architectures\":[]}");
        _weights = Hub.AddRandom(Weights, 100_000);
    }

    private void LeavePartial(byte[] bytes)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(Incomplete)!);
        File.WriteAllBytes(Incomplete, bytes);
    }

    private async Task CheckAsync(string folder)
    {
        Assert.Equal(_weights, await File.ReadAllBytesAsync(Path.Combine(folder, Weights)));
        Assert.False(File.Exists(Incomplete));
    }
}
