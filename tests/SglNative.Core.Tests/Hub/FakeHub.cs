using System.Collections.Concurrent;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace SglNative.Core.Tests.Hub;

/// <summary>
/// A server on loopback that speaks the Hub's protocol for one repository: metadata, small files, large files by a redirect to
/// another origin (the content network), ranges, etags. A test can step in front of any request.
/// </summary>
internal sealed class FakeHub : IAsyncDisposable
{
    public const string Id = "owner/model";
    public const string Commit = "0123456789abcdef0123456789abcdef01234567";

    private readonly WebApplication _app;
    private int _running, _peak;

    private FakeHub()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseKestrel().UseUrls("http://127.0.0.1:0", "http://127.0.0.1:0");
        _app = builder.Build();
        _app.Run(HandleAsync);
    }

    public Dictionary<string, byte[]> Files { get; } = new(StringComparer.Ordinal);

    /// <summary>Names in the listing beyond the files.</summary>
    public List<string> ExtraNames { get; } = [];

    /// <summary>Files of at least so many bytes are large: SHA-256 and the other origin.</summary>
    public int LargeFrom { get; set; } = 1000;

    /// <summary>Steps in front of a request; true when it was answered. The first argument is the path, "cdn:..." for the other origin.</summary>
    public Func<string, HttpContext, Task<bool>> Intercept { get; set; } = (_, _) => Task.FromResult(false);

    public ConcurrentQueue<Seen> Requests { get; } = [];

    /// <summary>Most transfers that ran at once.</summary>
    public int Peak => _peak;

    public string Endpoint => _app.Urls.First();

    public string ContentEndpoint => _app.Urls.Last();

    public static async Task<FakeHub> StartAsync()
    {
        var hub = new FakeHub();
        await hub._app.StartAsync();
        return hub;
    }

    public void Add(string path, string text) => Files[path] = Encoding.UTF8.GetBytes(text);

    public byte[] AddRandom(string path, int length)
    {
        var bytes = new byte[length];
        new Random(length).NextBytes(bytes);
        return Files[path] = bytes;
    }

#pragma warning disable CA5350 // git's object names are SHA-1
    public string ETag(string path) => Files[path] is var bytes && bytes.Length >= LargeFrom
        ? Convert.ToHexStringLower(SHA256.HashData(bytes))
        : Convert.ToHexStringLower(SHA1.HashData([.. Encoding.ASCII.GetBytes($"blob {bytes.Length}\0"), .. bytes]));
#pragma warning restore CA5350

    public IEnumerable<Seen> Transfers => Requests.Where(r => r.Method == "GET" && !r.Path.StartsWith("/api/", StringComparison.Ordinal));

    public async ValueTask DisposeAsync() => await _app.DisposeAsync();

    public static Task Fail(HttpContext context, int status, string? code = null, string? message = null)
    {
        context.Response.StatusCode = status;
        if (code is not null) context.Response.Headers["X-Error-Code"] = code;
        if (message is not null) context.Response.Headers["X-Error-Message"] = message;
        return Task.CompletedTask;
    }

    private async Task HandleAsync(HttpContext context)
    {
        var request = context.Request;
        var isContent = context.Connection.LocalPort == new Uri(ContentEndpoint).Port;
        var path = (isContent ? "cdn:" : "") + request.Path.Value;
        Requests.Enqueue(new Seen(request.Method, path, request.Headers.Authorization.ToString(), request.Headers.Range.ToString()));
        if (await Intercept(path, context)) return;
        if (path == $"/api/models/{Id}/revision/main" || path == $"/api/models/{Id}/revision/refs%2Fpr%2F1" || path == $"/api/models/{Id}/revision/{Commit}")
        {
            await context.Response.WriteAsJsonAsync(new { id = Id, sha = Commit, siblings = Files.Keys.Concat(ExtraNames).Select(rfilename => new { rfilename }) });
            return;
        }
        var prefix = $"/{Id}/resolve/{Commit}/";
        if (path.StartsWith(prefix, StringComparison.Ordinal) && Files.ContainsKey(path[prefix.Length..])) await ResolveAsync(context, path[prefix.Length..]);
        else if (path.StartsWith("cdn:/", StringComparison.Ordinal) && Files.ContainsKey(path[5..])) await SendAsync(context, Files[path[5..]]);
        else await Fail(context, 404, path.StartsWith("/api", StringComparison.Ordinal) ? "RepoNotFound" : "EntryNotFound");
    }

    private Task ResolveAsync(HttpContext context, string file)
    {
        var headers = context.Response.Headers;
        headers["X-Repo-Commit"] = Commit;
        if (Files[file].Length < LargeFrom)
        {
            headers.ETag = $"\"{ETag(file)}\"";
            return SendAsync(context, Files[file]);
        }
        headers["X-Linked-Etag"] = $"\"{ETag(file)}\"";
        headers["X-Linked-Size"] = Files[file].Length.ToString(CultureInfo.InvariantCulture);
        context.Response.Redirect($"{ContentEndpoint}/{file}?signature=x");
        return Task.CompletedTask;
    }

    private async Task SendAsync(HttpContext context, byte[] bytes)
    {
        var start = context.Request.GetTypedHeaders().Range?.Ranges.First().From is { } from ? (int)from : 0;
        if (start > bytes.Length)
        {
            context.Response.StatusCode = 416;
            return;
        }
        if (start > 0)
        {
            context.Response.StatusCode = 206;
            context.Response.Headers.ContentRange = $"bytes {start}-{bytes.Length - 1}/{bytes.Length}";
        }
        context.Response.ContentLength = bytes.Length - start;
        if (context.Request.Method == "HEAD") return;
        var running = Interlocked.Increment(ref _running);
        InterlockedMax(ref _peak, running);
        // Long enough for transfers to overlap.
        if (context.Connection.LocalPort == new Uri(ContentEndpoint).Port) await Task.Delay(20);
        await context.Response.Body.WriteAsync(bytes.AsMemory(start));
        Interlocked.Decrement(ref _running);
    }

    private static void InterlockedMax(ref int target, int value)
    {
        for (var old = target; value > old; old = target)
            if (Interlocked.CompareExchange(ref target, value, old) == old) return;
    }

    internal sealed record Seen(string Method, string Path, string Authorization, string Range);
}
