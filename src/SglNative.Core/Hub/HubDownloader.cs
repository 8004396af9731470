using SglNative.Core.Checkpoints;
using SglNative.Core.Configuration;
using SglNative.Core.Progress;

namespace SglNative.Core.Hub;

/// <summary>
/// Brings model repositories from the Hub into the standard cache: what serving needs and nothing else, resumable, checked,
/// several files at once. Safe for concurrent use, also by several processes on one cache.
/// </summary>
public sealed class HubDownloader : IDisposable
{
    /// <summary>Room left on the disk beyond the files themselves, in bytes.</summary>
    private const long DiskReserve = 64 << 20;

    private readonly HubOptions _options;
    private readonly HubClient _client;
    private readonly HubRetry _retry;

    /// <summary>Creates a downloader; see <see cref="HubOptions.FromEnvironment"/>.</summary>
    public HubDownloader(HubOptions options) => (_options, _client, _retry) = (options, new HubClient(options), new HubRetry(options));

    /// <summary>How free disk space is found; replaced by tests.</summary>
    internal Func<string, long?> FreeSpace { get; init; } = DiskSpace.Free;

    /// <summary>Whether snapshots link to their blobs; false copies, as where links are not allowed.</summary>
    internal bool SymbolicLinks { get; init; } = true;

    /// <summary>Downloads what is missing of a repository.</summary>
    /// <returns>The local folder of the snapshot, a checkpoint in the Hugging Face layout.</returns>
    /// <exception cref="SglException">
    /// No such repository, revision or permission; nothing there that can be served; the network, the disk or the cache fails.
    /// </exception>
    /// <exception cref="OperationCanceledException">Cancelled; what was transferred is kept and continued next time.</exception>
    public async Task<string> DownloadAsync(HubRequest request, IByteProgress? progress = null, CancellationToken cancellation = default)
    {
        var id = HubId.Parse(request.Repository);
        var revision = HubName.RequireRevision(request.Revision);
        var directory = Path.GetFullPath(request.CacheDirectory ?? _options.CacheDirectory);
        var cache = new HubCache(directory, id, SymbolicLinks);
        try
        {
            var cached = cache.FindComplete(revision, request.IncludeWeights);
            if (cached is not null && (_options.Offline || HubName.IsCommit(revision))) return cached;
            if (_options.Offline)
                throw new SglException($"{id} at revision {MessageText.Quote(revision)} is not complete in the cache {directory}, and HF_HUB_OFFLINE is set: "
                    + "unset it to download, or give a local folder");
            return await DownloadAsync(new Job(id, revision, cache, progress ?? NoProgress.Instance), request.IncludeWeights, cached, cancellation)
                .ConfigureAwait(false);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new SglException($"the cache {directory} cannot be used: {e.Message}; choose another place with --download-dir or HF_HOME", e);
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _client.Dispose();

    private async Task<string> DownloadAsync(Job job, bool includeWeights, string? cached, CancellationToken cancellation)
    {
        HubRevision found;
        try
        {
            found = await _retry.RunAsync(() => _client.GetRevisionAsync(job.Id, job.Revision, cancellation), cancellation).ConfigureAwait(false);
        }
        catch (HubException e) when (e.Failure == HubFailure.Unavailable && cached is not null)
        {
            job.Progress.Note($"{e.Message}; using the copy in the cache");
            return cached;
        }
        var selection = HubFileSelection.Select(found.Files, includeWeights);
        if (!found.Files.Contains(CheckpointConfig.FileName))
            throw new SglException($"{job.Id} has no {CheckpointConfig.FileName}: it is not a model in the Hugging Face layout");
        if (includeWeights && selection.Weights.IsEmpty) throw new SglException(WeightFiles.Explain(job.Id.ToString(), found.Files.Where(f => !f.Contains('/'))));
        await FetchAsync(job, found.Commit, selection.Small, $"{job.Id} configuration", cancellation).ConfigureAwait(false);
        if (includeWeights) await FetchAsync(job, found.Commit, WeightsOf(job, found, selection.Weights), $"{job.Id} weights", cancellation).ConfigureAwait(false);
        job.Cache.SetCommit(job.Revision, found.Commit);
        return job.Cache.SnapshotPath(found.Commit);
    }

    private static IReadOnlyList<string> WeightsOf(Job job, HubRevision found, WeightFiles weights)
    {
        if (weights.Index is null) return weights.Files;
        var shards = WeightIndex.Load(job.Cache.FilePath(found.Commit, weights.Index)).Shards;
        var missing = shards.Except(found.Files, StringComparer.Ordinal).ToArray();
        return missing.Length == 0
            ? shards
            : throw new SglException($"{job.Id} is incomplete at the Hub: its {weights.Index} names {MessageText.List(missing)}, which it does not have");
    }

    private async Task FetchAsync(Job job, string commit, IReadOnlyList<string> paths, string title, CancellationToken cancellation)
    {
        var missing = paths.Where(p => !HubCache.IsPresent(job.Cache.FilePath(commit, p))).ToArray();
        if (missing.Length == 0) return;
        var files = await ForAllAsync(missing, (p, token) => _retry.RunAsync(() => _client.GetFileAsync(job.Id, commit, p, token), token), cancellation)
            .ConfigureAwait(false);
        var transfer = new HubTransfer(_client, _retry, _options, job.Cache, job.Progress);
        // Files of the same content share a blob.
        var blobs = files.DistinctBy(f => f.ETag).Where(f => !transfer.IsComplete(f)).OrderByDescending(f => f.Size).ToArray();
        if (blobs.Length > 0) await TransferAsync(job, commit, transfer, blobs, title, cancellation).ConfigureAwait(false);
        foreach (var file in files) job.Cache.Link(commit, file);
    }

    private async Task TransferAsync(Job job, string commit, HubTransfer transfer, HubFile[] blobs, string title, CancellationToken cancellation)
    {
        var (total, present) = (blobs.Sum(f => f.Size ?? 0), blobs.Sum(transfer.BytesPresent));
        CheckDisk(job, total - present);
        job.Progress.Begin($"{title} ({blobs.Length} {(blobs.Length == 1 ? "file" : "files")})", total, present);
        try
        {
            await ForAllAsync(blobs, async (file, token) =>
            {
                await transfer.RunAsync(job.Id, commit, file, token).ConfigureAwait(false);
                return true;
            }, cancellation).ConfigureAwait(false);
        }
        finally
        {
            job.Progress.End();
        }
    }

    private void CheckDisk(Job job, long needed)
    {
        if (FreeSpace(job.Cache.Folder) is { } free && needed + DiskReserve > free)
            throw new SglException($"{job.Id} needs {MessageText.Bytes(needed)} more in {job.Cache.Folder}, {MessageText.Bytes(free)} are free: "
                + "make room, or choose another place with --download-dir or HF_HOME");
    }

    /// <summary>Runs an action for each item, some at once; the first failure cancels the others.</summary>
    private async Task<TResult[]> ForAllAsync<T, TResult>(IReadOnlyList<T> items, Func<T, CancellationToken, Task<TResult>> action,
        CancellationToken cancellation)
    {
        var results = new TResult[items.Count];
        var parallel = new ParallelOptions { MaxDegreeOfParallelism = _options.Concurrency, CancellationToken = cancellation };
        await Parallel.ForAsync(0, items.Count, parallel, async (i, token) => results[i] = await action(items[i], token).ConfigureAwait(false)).ConfigureAwait(false);
        return results;
    }

    /// <summary>One download: what, and who is told.</summary>
    private sealed record Job(HubId Id, string Revision, HubCache Cache, IByteProgress Progress);
}
