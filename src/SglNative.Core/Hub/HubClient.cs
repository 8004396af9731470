using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;

namespace SglNative.Core.Hub;

/// <summary>Speaks the Hub's protocol: one method per kind of request, redirects followed, failures explained. No retries here.</summary>
internal sealed class HubClient : IDisposable
{
    private const int MaxRedirects = 10;

    private readonly HubOptions _options;
    private readonly HubErrors _errors;
    private readonly Uri _endpoint;
    private readonly HttpClient _http;

    public HubClient(HubOptions options)
    {
        (_options, _errors, _endpoint) = (options, new HubErrors(options), new Uri(options.Endpoint));
        // Redirects are followed here, because the token must not follow them to another host.
        var handler = new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = false, ConnectTimeout = options.StallTimeout };
        _http = new HttpClient(handler) { Timeout = Timeout.InfiniteTimeSpan };
    }

    /// <summary>The commit that a revision names, and its files.</summary>
    public async Task<HubRevision> GetRevisionAsync(HubId id, string revision, CancellationToken cancellation)
    {
        var uri = new Uri($"{_options.Endpoint}/api/models/{id}/revision/{Uri.EscapeDataString(revision)}");
        using var response = await SendAsync(HttpMethod.Get, uri, null, _ => false, cancellation).ConfigureAwait(false);
        if (!response.IsSuccessStatusCode) throw _errors.Explain(response, id, revision, null);
        try
        {
            using var stall = Stall(cancellation);
            using var json = await JsonDocument.ParseAsync(await response.Content.ReadAsStreamAsync(stall.Token).ConfigureAwait(false), default, stall.Token)
                .ConfigureAwait(false);
            return ReadRevision(json.RootElement);
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException or KeyNotFoundException)
        {
            throw HubErrors.Refused($"{uri} did not answer as the Hub does ({e.Message}): check HF_ENDPOINT and the proxy");
        }
        catch (Exception e) when (IsBroken(e, cancellation))
        {
            throw _errors.Unreachable(e);
        }
    }

    /// <summary>Size and checksum of a file.</summary>
    public async Task<HubFile> GetFileAsync(HubId id, string commit, string path, CancellationToken cancellation)
    {
        // The Hub answers for a large file with a redirect that carries the metadata of its target.
        using var response = await SendAsync(HttpMethod.Head, FileUri(id, commit, path), null, r => Header(r, "X-Linked-Etag") is not null, cancellation)
            .ConfigureAwait(false);
        var etag = Header(response, "X-Linked-Etag");
        if (!response.IsSuccessStatusCode && etag is null) throw _errors.Explain(response, id, commit, path);
        if (Header(response, "X-Repo-Commit") is { } actual && actual != commit && HubName.IsCommit(commit))
            throw HubErrors.Refused($"{_options.Endpoint} gave {path} of commit {MessageText.Quote(actual)} instead of {commit}: try again");
        etag = Normalize(etag ?? Header(response, "ETag"));
        if (!HubName.IsPlain(etag))
            throw HubErrors.Refused($"{_options.Endpoint} gave no usable ETag for {path}: check HF_ENDPOINT and the proxy");
        var size = long.TryParse(Header(response, "X-Linked-Size"), out var linked) ? linked : response.Content.Headers.ContentLength;
        return new HubFile(path, etag, size >= 0 ? size : null);
    }

    /// <summary>Starts the transfer of a file from byte <paramref name="start"/> on; 200 means that it starts at 0 all the same.</summary>
    public async Task<HttpResponseMessage> OpenAsync(HubId id, string commit, HubFile file, long start, CancellationToken cancellation)
    {
        var range = start > 0 ? new RangeHeaderValue(start, null) : null;
        var response = await SendAsync(HttpMethod.Get, FileUri(id, commit, file.Path), range, _ => false, cancellation).ConfigureAwait(false);
        if (response.StatusCode is HttpStatusCode.OK or HttpStatusCode.PartialContent) return response;
        if (response.StatusCode == HttpStatusCode.RequestedRangeNotSatisfiable && start > 0) return response;
        using (response) throw _errors.Explain(response, id, commit, file.Path);
    }

    /// <summary>Explains a connection that broke while its content was read.</summary>
    public HubException Unreachable(Exception e) => _errors.Unreachable(e);

    /// <summary>True for the failures of a connection; false where the caller gave up.</summary>
    public static bool IsBroken(Exception e, CancellationToken cancellation) =>
        e is HttpRequestException or IOException || (e is OperationCanceledException && !cancellation.IsCancellationRequested);

    /// <summary>A token that is cancelled by the caller, or when nothing happens for too long.</summary>
    public CancellationTokenSource Stall(CancellationToken cancellation)
    {
        var source = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        source.CancelAfter(_options.StallTimeout);
        return source;
    }

    public void Dispose() => _http.Dispose();

    private async Task<HttpResponseMessage> SendAsync(HttpMethod method, Uri uri, RangeHeaderValue? range, Func<HttpResponseMessage, bool> isEnough,
        CancellationToken cancellation)
    {
        for (var hop = 0; hop <= MaxRedirects; hop++)
        {
            var response = await SendOnceAsync(method, uri, range, cancellation).ConfigureAwait(false);
            var location = response.Headers.Location;
            if ((int)response.StatusCode is not (301 or 302 or 303 or 307 or 308) || location is null || isEnough(response)) return response;
            response.Dispose();
            var next = new Uri(uri, location);
            if (next.Scheme is not ("http" or "https") || (uri.Scheme == "https" && next.Scheme == "http"))
                throw HubErrors.Refused($"{uri.GetLeftPart(UriPartial.Path)} redirects to {next.Scheme}, which is not safe: check HF_ENDPOINT and the proxy");
            uri = next;
        }
        throw HubErrors.Refused($"{uri.GetLeftPart(UriPartial.Path)} redirects without end: check HF_ENDPOINT and the proxy");
    }

    private async Task<HttpResponseMessage> SendOnceAsync(HttpMethod method, Uri uri, RangeHeaderValue? range, CancellationToken cancellation)
    {
        using var request = new HttpRequestMessage(method, uri);
        request.Headers.TryAddWithoutValidation("User-Agent", "sgl-native");
        // Sizes and ranges are those of the file itself only when nothing compresses it on the way.
        request.Headers.TryAddWithoutValidation("Accept-Encoding", "identity");
        request.Headers.Range = range;
        if (_options.Token is { } token && IsHub(uri)) request.Headers.TryAddWithoutValidation("Authorization", $"Bearer {token}");
        try
        {
            using var stall = Stall(cancellation);
            return await _http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, stall.Token).ConfigureAwait(false);
        }
        catch (Exception e) when (IsBroken(e, cancellation))
        {
            throw _errors.Unreachable(e);
        }
    }

    private bool IsHub(Uri uri) => uri.Scheme == _endpoint.Scheme && uri.Port == _endpoint.Port
        && string.Equals(uri.IdnHost, _endpoint.IdnHost, StringComparison.OrdinalIgnoreCase);

    private Uri FileUri(HubId id, string commit, string path) =>
        new($"{_options.Endpoint}/{id}/resolve/{Uri.EscapeDataString(commit)}/{string.Join('/', path.Split('/').Select(Uri.EscapeDataString))}");

    private static HubRevision ReadRevision(JsonElement root)
    {
        var commit = root.GetProperty("sha").GetString() ?? "";
        if (!HubName.IsPlain(commit)) throw new InvalidOperationException($"the commit {MessageText.Quote(commit)} is none");
        var files = root.GetProperty("siblings").EnumerateArray().Select(s => s.GetProperty("rfilename").GetString() ?? "").ToArray();
        var unsafeName = files.FirstOrDefault(f => !HubName.IsRelativePath(f));
        return unsafeName is null
            ? new HubRevision(commit, files)
            : throw HubErrors.Refused($"the repository lists a file {MessageText.Quote(unsafeName)}, which would lie outside its folder: not downloaded");
    }

    private static string? Header(HttpResponseMessage response, string name) =>
        response.Headers.NonValidated.TryGetValues(name, out var values) ? values.First() : null;

    private static string Normalize(string? etag)
    {
        etag = etag?.Trim() ?? "";
        if (etag.StartsWith("W/", StringComparison.Ordinal)) etag = etag[2..];
        return etag.Trim('"');
    }
}
