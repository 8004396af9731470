using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Microsoft.Net.Http.Headers;
using SglNative.Core;

namespace SglNative.Server.Http;

/// <summary>Reads a request's body as JSON.</summary>
internal static class RequestBody
{
    /// <summary>The most bytes of a body: a prompt of a million tokens, written out as numbers, fits several times.</summary>
    public const long MaxBytes = 64L << 20;

    /// <summary>Parses the body. The document must be disposed when the request has been read.</summary>
    /// <exception cref="SglException">The body is of another type, is empty, or is not JSON in valid UTF-8.</exception>
    public static async Task<JsonDocument> ReadAsync(HttpContext context)
    {
        EnsureJson(context.Request);
        using var body = new MemoryStream();
        await context.Request.Body.CopyToAsync(body, context.RequestAborted).ConfigureAwait(false);
        return RequestJson.Parse(body.GetBuffer().AsMemory(0, (int)body.Length));
    }

    // As SGLang: OpenAI's endpoints insist on application/json, the others also take a body without a type.
    private static void EnsureJson(HttpRequest request)
    {
        var given = request.ContentType;
        if (string.IsNullOrEmpty(given) && !request.Path.StartsWithSegments("/v1", StringComparison.Ordinal)) return;
        if (MediaTypeHeaderValue.TryParse(given, out var type) && (type.MediaType.Equals("application/json", StringComparison.OrdinalIgnoreCase)
            || type.Suffix.Equals("json", StringComparison.OrdinalIgnoreCase))) return;
        throw new SglException($"Unsupported Media Type: {(string.IsNullOrEmpty(given) ? "there is no Content-Type" : $"the Content-Type is {given}")}, expected application/json");
    }
}
