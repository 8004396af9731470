using System.Net;
using SglNative.Core.Progress;

namespace SglNative.Core.Hub;

/// <summary>Brings one file's content into the cache: resumes what is there, survives broken connections, checks the result.</summary>
internal sealed class HubTransfer(HubClient client, HubRetry retry, HubOptions options, HubCache cache, IByteProgress progress)
{
    private const int BufferSize = 1 << 20;

    /// <summary>Bytes that are already here of a file that is not complete.</summary>
    public long BytesPresent(HubFile file) => Present(file) is { } present && IsUsable(present, file) ? present : 0;

    /// <summary>Returns when the blob is in place; does nothing when another process put it there.</summary>
    public async Task RunAsync(HubId id, string commit, HubFile file, CancellationToken cancellation)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(cache.BlobPath(file.ETag))!);
        using (await HubLock.AcquireAsync(cache.LockPath(file.ETag), () => progress.Note($"waiting for another process that downloads {file.Path}"), cancellation)
            .ConfigureAwait(false))
        {
            if (IsComplete(file))
            {
                progress.Advance(file.Size ?? 0);
                return;
            }
            var damaged = await ReceiveAsync(id, commit, file, cancellation).ConfigureAwait(false);
            // A partial file of an earlier run may have been damaged; a second, whole transfer tells that from a damaged source.
            if (damaged is not null) damaged = await ReceiveAsync(id, commit, file, cancellation).ConfigureAwait(false);
            if (damaged is not null)
                throw HubErrors.Refused($"{file.Path} of {id} arrived damaged twice (checksum {damaged}, expected {file.ETag}): check the proxy and HF_ENDPOINT");
        }
    }

    /// <summary>True when the blob is here with the size it should have.</summary>
    public bool IsComplete(HubFile file)
    {
        var blob = new FileInfo(cache.BlobPath(file.ETag));
        return blob.Exists && (file.Size is null || blob.Length == file.Size);
    }

    /// <summary>Returns null, or the wrong checksum after removing the file that had it.</summary>
    private async Task<string?> ReceiveAsync(HubId id, string commit, HubFile file, CancellationToken cancellation)
    {
        var path = cache.IncompletePath(file.ETag);
        for (var failures = 0; ;)
        {
            var before = Present(file) ?? 0;
            try
            {
                var mismatch = await AttemptAsync(id, commit, file, path, cancellation).ConfigureAwait(false);
                if (mismatch is null) File.Move(path, cache.BlobPath(file.ETag), overwrite: true);
                else Discard(path);
                return mismatch;
            }
            catch (HubException e) when (e.Failure == HubFailure.Unavailable)
            {
                // A long file over a poor line may break often; only failures without any progress in between count.
                failures = (Present(file) ?? 0) > before ? 1 : failures + 1;
                if (failures >= options.Attempts) throw;
                await retry.WaitAsync(e, failures, cancellation).ConfigureAwait(false);
            }
        }
    }

    private async Task<string?> AttemptAsync(HubId id, string commit, HubFile file, string path, CancellationToken cancellation)
    {
        using var checksum = new HubChecksum(file);
        using var output = new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.Read, BufferSize);
        if (!IsUsable(output.Length, file)) output.SetLength(0);
        await AppendPresentAsync(output, checksum, cancellation).ConfigureAwait(false);
        if (output.Length != file.Size)
        {
            using var response = await client.OpenAsync(id, commit, file, output.Length, cancellation).ConfigureAwait(false);
            if (output.Length > 0 && !Continues(response, output.Length)) Restart(response, file, output, checksum);
            await CopyAsync(response, file, output, checksum, cancellation).ConfigureAwait(false);
        }
        await output.FlushAsync(cancellation).ConfigureAwait(false);
        return file.Size is { } size && output.Length != size ? $"of more than its {size} bytes" : checksum.FindMismatch();
    }

    /// <summary>A server without ranges sends all of the file, which is as good; any other answer has to be asked for again.</summary>
    private void Restart(HttpResponseMessage response, HubFile file, FileStream output, HubChecksum checksum)
    {
        progress.Advance(-output.Length);
        output.SetLength(0);
        checksum.Reset();
        if (response.StatusCode != HttpStatusCode.OK)
            throw new HubException(HubFailure.Unavailable, $"{options.Endpoint} cannot continue {file.Path} in its middle: it starts again");
    }

    private async Task CopyAsync(HttpResponseMessage response, HubFile file, FileStream output, HubChecksum checksum, CancellationToken cancellation)
    {
        var buffer = new byte[BufferSize];
        using var stall = client.Stall(cancellation);
        for (; ; )
        {
            int read;
            try
            {
                stall.CancelAfter(options.StallTimeout);
                var input = await response.Content.ReadAsStreamAsync(stall.Token).ConfigureAwait(false);
                read = await input.ReadAsync(buffer, stall.Token).ConfigureAwait(false);
            }
            catch (Exception e) when (HubClient.IsBroken(e, cancellation))
            {
                await output.FlushAsync(cancellation).ConfigureAwait(false);
                throw client.Unreachable(e);
            }
            if (read == 0) break;
            await output.WriteAsync(buffer.AsMemory(0, read), cancellation).ConfigureAwait(false);
            checksum.Append(buffer.AsSpan(0, read));
            progress.Advance(read);
            if (output.Position > file.Size) break;
        }
        if (output.Position < file.Size)
            throw new HubException(HubFailure.Unavailable, $"{options.Endpoint} sent {output.Position} of the {file.Size} bytes of {file.Path}: try again");
    }

    private static async Task AppendPresentAsync(FileStream output, HubChecksum checksum, CancellationToken cancellation)
    {
        var buffer = new byte[BufferSize];
        output.Position = 0;
        while (await output.ReadAsync(buffer, cancellation).ConfigureAwait(false) is > 0 and var read) checksum.Append(buffer.AsSpan(0, read));
    }

    private void Discard(string path)
    {
        progress.Advance(-new FileInfo(path).Length);
        File.Delete(path);
    }

    private long? Present(HubFile file)
    {
        var partial = new FileInfo(cache.IncompletePath(file.ETag));
        return partial.Exists ? partial.Length : null;
    }

    private static bool IsUsable(long present, HubFile file) => file.Size is { } size && present <= size;

    private static bool Continues(HttpResponseMessage response, long start) =>
        response.StatusCode == HttpStatusCode.PartialContent && response.Content.Headers.ContentRange?.From == start;
}
