using System.Net;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace SglNative.Server.Tests.Serving;

/// <summary>Speaks HTTP with a server, JSON in and out.</summary>
internal sealed class Api(Uri address) : IDisposable
{
    public HttpClient Http { get; } = new(new SocketsHttpHandler { MaxConnectionsPerServer = 64 }) { BaseAddress = address, Timeout = TimeSpan.FromMinutes(5) };

    public void Dispose() => Http.Dispose();

    public async Task<JsonNode> GetAsync(string path)
    {
        using var response = await Http.GetAsync(new Uri(path, UriKind.Relative));
        var body = await response.Content.ReadAsStringAsync();
        Assert.True(response.IsSuccessStatusCode, body);
        return JsonNode.Parse(body)!;
    }

    /// <summary>The answer to a request that works.</summary>
    public async Task<JsonNode> PostAsync(string path, string json)
    {
        var (status, body) = await SendAsync(path, json);
        Assert.True(status == HttpStatusCode.OK, body);
        return JsonNode.Parse(body)!;
    }

    /// <summary>The events of a stream that works, without the last, <c>[DONE]</c>, which must be there.</summary>
    public async Task<List<JsonNode>> StreamAsync(string path, string json)
    {
        using var response = await Http.SendAsync(Request(path, json), HttpCompletionOption.ResponseHeadersRead);
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal("text/event-stream", response.Content.Headers.ContentType!.MediaType);
        var events = (await response.Content.ReadAsStringAsync()).Split("\n\n", StringSplitOptions.RemoveEmptyEntries);
        Assert.All(events, line => Assert.StartsWith("data: ", line, StringComparison.Ordinal));
        Assert.Equal("data: [DONE]", events[^1]);
        return [.. events[..^1].Select(line => JsonNode.Parse(line["data: ".Length..])!)];
    }

    /// <summary>The message of a request that must fail with <paramref name="status"/>, in OpenAI's shape.</summary>
    public async Task<string> FailAsync(string path, string json, HttpStatusCode status = HttpStatusCode.BadRequest)
    {
        var (found, body) = await SendAsync(path, json);
        Assert.True(found == status, $"{(int)found} for {(json.Length > 200 ? json[..200] : json)}: {body}");
        return ErrorMessage(body);
    }

    public async Task<(HttpStatusCode Status, string Body)> SendAsync(string path, string json)
    {
        using var request = Request(path, json);
        using var response = await Http.SendAsync(request);
        return (response.StatusCode, await response.Content.ReadAsStringAsync());
    }

    public static HttpRequestMessage Request(string path, string json) =>
        new(HttpMethod.Post, new Uri(path, UriKind.Relative)) { Content = new StringContent(json, Encoding.UTF8, "application/json") };

    public static string ErrorMessage(string body)
    {
        var error = JsonNode.Parse(body)!["error"]!.AsObject();
        Assert.Equal(["message", "type", "param", "code"], error.Select(member => member.Key));
        var message = error["message"]!.GetValue<string>();
        Assert.DoesNotContain('\n', message);
        Assert.DoesNotContain("   at ", message, StringComparison.Ordinal);
        Assert.False(string.IsNullOrEmpty(error["type"]!.GetValue<string>()));
        return message;
    }

    /// <summary>Waits until the scheduler holds nothing.</summary>
    public static async Task UntilIdleAsync(SglNativeServer server, CancellationToken cancellation)
    {
        var stats = server.Engine.Stats;
        while (stats.Running > 0 || stats.Waiting > 0 || stats.UsedPages > 0) await Task.Delay(10, cancellation);
    }
}
