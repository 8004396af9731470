using SglNative.Core.Checkpoints;
using SglNative.Core.Progress;

namespace SglNative.Core.Hub;

/// <summary>What a <c>--model-path</c> means: a folder here, or a repository of the Hub.</summary>
/// <param name="Value">The folder's path, or <c>owner/name</c>.</param>
/// <param name="IsHub">True for a repository.</param>
public sealed record ModelPath(string Value, bool IsHub)
{
    /// <summary>Decides. What exists here wins; of the rest, only <c>owner/name</c> can be a repository.</summary>
    /// <exception cref="SglException">It is a file, or looks like a folder but is not there.</exception>
    public static ModelPath Resolve(string path)
    {
        if (Directory.Exists(path) || File.Exists(path)) return new ModelPath(CheckpointFolder.Require(path), false);
        if (WeightFiles.IsForeign(path) || path.EndsWith(".safetensors", StringComparison.OrdinalIgnoreCase)) CheckpointFolder.Require(path);
        if (HubId.TryParse(path) is not null) return new ModelPath(path, true);
        if (HubId.TryParse($"owner/{path}") is not null) throw new SglException($"no such path: {path} (a repository of the Hub is written owner/name)");
        return new ModelPath(CheckpointFolder.Require(path), false);
    }

    /// <summary>Decides, and downloads a repository unless it is in the cache.</summary>
    /// <returns>A local folder.</returns>
    /// <param name="path">The value of <c>--model-path</c>.</param>
    /// <param name="options">The Hub's options; null for those of the environment.</param>
    /// <param name="request">Revision, cache and whether weights are wanted; its repository is ignored. Null for the defaults.</param>
    /// <param name="progress">Is told how the download goes.</param>
    /// <param name="cancellation">Ends the download.</param>
    /// <exception cref="SglException">There is no such folder or repository, or the download fails.</exception>
    public static async Task<string> LocateAsync(string path, HubOptions? options = null, HubRequest? request = null, IByteProgress? progress = null,
        CancellationToken cancellation = default)
    {
        var resolved = Resolve(path);
        if (!resolved.IsHub) return resolved.Value;
        using var hub = new HubDownloader(options ?? HubOptions.FromEnvironment());
        try
        {
            return await hub.DownloadAsync((request ?? new HubRequest(path)) with { Repository = path }, progress, cancellation).ConfigureAwait(false);
        }
        catch (HubException e) when (e.Failure is HubFailure.NoSuchRepository or HubFailure.Unavailable)
        {
            throw new SglException($"{e.Message} (there is no folder {path} here)", e);
        }
    }
}
