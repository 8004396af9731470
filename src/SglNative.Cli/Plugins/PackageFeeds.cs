using NuGet.Common;
using NuGet.Configuration;
using NuGet.Packaging.Core;
using NuGet.Protocol;
using NuGet.Protocol.Core.Types;
using NuGet.Versioning;
using SglNative.Core;

namespace SglNative.Cli.Plugins;

/// <summary>The NuGet feeds and folders that packages are fetched from: the one that was named, then those of the user's NuGet.config.</summary>
internal sealed class PackageFeeds : IDisposable
{
    private readonly SourceCacheContext _cache = new() { NoCache = true, DirectDownload = true };
    private readonly SourceRepository? _named;
    private readonly Lazy<IReadOnlyList<SourceRepository>> _configured;

    public PackageFeeds(string? named)
    {
        if (named is not null && !named.Contains("://", StringComparison.Ordinal) && !Directory.Exists(named))
            throw new SglException($"--source: there is no folder {named}; expected a folder of .nupkg files, or the URL of a NuGet feed (…/index.json)");
        _named = named is null ? null : Repository.Factory.GetCoreV3(named.Contains("://", StringComparison.Ordinal) ? named : Path.GetFullPath(named));
        _configured = new(() => [.. new PackageSourceProvider(Settings.LoadDefaultSettings(Environment.CurrentDirectory)).LoadPackageSources()
            .Where(source => source.IsEnabled).Select(source => Repository.Factory.GetCoreV3(source))]);
    }

    /// <summary>Fetches a package that was asked for: from the named feed only, where one is named.</summary>
    /// <exception cref="SglException">No feed has it, or none can be reached.</exception>
    public Task<FetchedPackage> FetchAsync(string id, NuGetVersion? version, CancellationToken stop) =>
        FetchAsync(id, versions => version is null ? Newest(versions) : versions.Contains(version) ? version : null, version?.ToNormalizedString(), _named is null ? _configured.Value : [_named], stop);

    /// <summary>Fetches what another package depends on: the lowest version in the range, as NuGet does.</summary>
    /// <exception cref="SglException">No feed has it, or none can be reached.</exception>
    public Task<FetchedPackage> FetchAsync(string id, VersionRange range, CancellationToken stop) =>
        FetchAsync(id, range.FindBestMatch, range.PrettyPrint(), _named is null ? _configured.Value : [_named, .. _configured.Value], stop);

    /// <summary>The newest version of a package; null where no feed has one.</summary>
    public async Task<NuGetVersion?> NewestAsync(string id, CancellationToken stop)
    {
        NuGetVersion? newest = null;
        foreach (var feed in _named is null ? _configured.Value : [_named])
            if (Newest(await VersionsAsync(feed, id, stop)) is { } found && (newest is null || found > newest)) newest = found;
        return newest;
    }

    public void Dispose() => _cache.Dispose();

    private async Task<FetchedPackage> FetchAsync(
        string id, Func<IReadOnlyList<NuGetVersion>, NuGetVersion?> choose, string? wanted, IReadOnlyList<SourceRepository> feeds, CancellationToken stop)
    {
        if (feeds.Count == 0) throw new SglException($"no feed to fetch {id} from: give one with --source, or configure one (dotnet nuget add source)");
        var seen = new List<string>();
        var failures = new List<string>();
        foreach (var feed in feeds)
        {
            try
            {
                var versions = await VersionsAsync(feed, id, stop);
                if (choose(versions) is { } version) return await DownloadAsync(feed, id, version, stop);
                if (versions.Count > 0) seen.Add($"{feed.PackageSource.Source} has {MessageText.List([.. versions.Select(one => one.ToNormalizedString()).Reverse()])}");
            }
            catch (Exception e) when (e is FatalProtocolException or IOException or HttpRequestException)
            {
                failures.Add($"{feed.PackageSource.Source} cannot be used: {MessageText.Line(e.GetBaseException().Message)}");
            }
        }
        var where = string.Join(", ", feeds.Select(feed => feed.PackageSource.Source));
        throw new SglException($"there is no package {id}{(wanted is null ? "" : $" {wanted}")} in {where}{string.Concat(seen.Concat(failures).Select(line => $"; {line}"))}");
    }

    private async Task<IReadOnlyList<NuGetVersion>> VersionsAsync(SourceRepository feed, string id, CancellationToken stop)
    {
        var packages = await ResourceAsync(feed, stop);
        return [.. (await packages.GetAllVersionsAsync(id, _cache, NullLogger.Instance, stop)).Order()];
    }

    private async Task<FetchedPackage> DownloadAsync(SourceRepository feed, string id, NuGetVersion version, CancellationToken stop)
    {
        var packages = await ResourceAsync(feed, stop);
        using var bytes = new MemoryStream();
        if (!await packages.CopyNupkgToStreamAsync(id, version, bytes, _cache, NullLogger.Instance, stop))
            throw new SglException($"{feed.PackageSource.Source} lists {id} {version.ToNormalizedString()}, but does not deliver it");
        return new FetchedPackage(new PackageIdentity(id, version), bytes.ToArray(), feed.PackageSource.Source);
    }

    private static async Task<FindPackageByIdResource> ResourceAsync(SourceRepository feed, CancellationToken stop) =>
        await feed.GetResourceAsync<FindPackageByIdResource>(stop) ?? throw new SglException($"{feed.PackageSource.Source} is no NuGet feed that packages can be fetched from");

    // The newest release, or the newest of all where there is no release.
    private static NuGetVersion? Newest(IReadOnlyList<NuGetVersion> versions) =>
        versions.LastOrDefault(version => !version.IsPrerelease) ?? (versions.Count > 0 ? versions[^1] : null);
}
