using System.Text.Json;
using Microsoft.AspNetCore.Http;
using SglNative.Core;

namespace SglNative.Server.Http;

/// <summary>Reads a request's body as one JSON object.</summary>
internal static class RequestBody
{
    /// <summary>The most bytes of a body: a prompt of a million tokens, written out as numbers, fits several times.</summary>
    public const long MaxBytes = 64L << 20;

    /// <summary>Parses the body. The document must be disposed when the request has been read.</summary>
    /// <exception cref="SglException">The body is empty, or is not JSON in valid UTF-8.</exception>
    public static async Task<JsonDocument> ReadAsync(HttpContext context)
    {
        try
        {
            return await JsonDocument.ParseAsync(context.Request.Body, default, context.RequestAborted).ConfigureAwait(false);
        }
        catch (JsonException e)
        {
            var at = e.LineNumber is { } line ? $" (line {line + 1}, byte {e.BytePositionInLine + 1})" : "";
            throw new SglException($"the request body is not valid JSON{at}", e);
        }
    }
}
