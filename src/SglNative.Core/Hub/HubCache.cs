using SglNative.Core.Checkpoints;
using SglNative.Core.Configuration;

namespace SglNative.Core.Hub;

/// <summary>
/// One repository in the Hub's standard cache layout: contents in <c>blobs/</c> by etag, <c>snapshots/COMMIT/</c> of links to
/// them, <c>refs/</c> from revisions to commits. Other tools read and write the same folders.
/// </summary>
internal sealed class HubCache(string cacheDirectory, HubId id, bool symbolicLinks = true)
{
    /// <summary>The repository's folder.</summary>
    public string Folder { get; } = Path.Combine(cacheDirectory, id.FolderName);

    public string BlobPath(string etag) => Path.Combine(Folder, "blobs", etag);

    /// <summary>Where a transfer is collected until it is whole and checked.</summary>
    public string IncompletePath(string etag) => $"{BlobPath(etag)}.incomplete";

    public string LockPath(string etag) => Path.Combine(cacheDirectory, ".locks", id.FolderName, $"{etag}.lock");

    public string SnapshotPath(string commit) => Path.Combine(Folder, "snapshots", commit);

    public string FilePath(string commit, string file) => Path.Combine(SnapshotPath(commit), file);

    /// <summary>The commit that a revision named when it was last downloaded, or null.</summary>
    public string? CommitOf(string revision)
    {
        if (HubName.IsCommit(revision)) return revision;
        var path = Path.Combine(Folder, "refs", revision);
        return File.Exists(path) && File.ReadAllText(path).Trim() is { } commit && HubName.IsPlain(commit) ? commit : null;
    }

    /// <summary>Remembers the commit of a revision.</summary>
    public void SetCommit(string revision, string commit)
    {
        if (revision == commit || CommitOf(revision) == commit) return;
        var path = Path.Combine(Folder, "refs", revision);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        var temporary = $"{path}.{Guid.NewGuid():n}";
        File.WriteAllText(temporary, commit);
        File.Move(temporary, path, overwrite: true);
    }

    /// <summary>The snapshot of a revision if it can be served from as it is, or null.</summary>
    public string? FindComplete(string revision, bool includeWeights)
    {
        if (CommitOf(revision) is not { } commit) return null;
        var snapshot = SnapshotPath(commit);
        return IsPresent(Path.Combine(snapshot, CheckpointConfig.FileName)) && (!includeWeights || HasWeights(snapshot)) ? snapshot : null;
    }

    /// <summary>True when there is a file, not just a link to one that somebody deleted.</summary>
    public static bool IsPresent(string path) => File.Exists(path) && File.ResolveLinkTarget(path, returnFinalTarget: true) is not { Exists: false };

    /// <summary>Makes a blob appear in a snapshot: as a relative link, or as a copy where links cannot be made.</summary>
    public void Link(string commit, HubFile file)
    {
        var path = FilePath(commit, file.Path);
        if (IsPresent(path)) return;
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.Delete(path);
        if (!symbolicLinks || !TryLink(path, Path.GetRelativePath(Path.GetDirectoryName(path)!, BlobPath(file.ETag)))) Copy(BlobPath(file.ETag), path);
    }

    private static bool TryLink(string path, string target)
    {
        try
        {
            File.CreateSymbolicLink(path, target);
            return true;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or PlatformNotSupportedException)
        {
            // Another process may have been faster.
            return IsPresent(path);
        }
    }

    private static void Copy(string source, string target)
    {
        var temporary = $"{target}.{Guid.NewGuid():n}";
        File.Copy(source, temporary);
        File.Move(temporary, target, overwrite: true);
    }

    private static bool HasWeights(string snapshot)
    {
        var weights = WeightFiles.Select(CheckpointFolder.FileNames(snapshot).Where(n => IsPresent(Path.Combine(snapshot, n))));
        return !weights.IsEmpty
            && (weights.Index is null || WeightIndex.Load(Path.Combine(snapshot, weights.Index)).Shards.All(s => IsPresent(Path.Combine(snapshot, s))));
    }
}
