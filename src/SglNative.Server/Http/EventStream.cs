using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Microsoft.AspNetCore.Http;

namespace SglNative.Server.Http;

/// <summary>Server-sent events: <c>data: {json}</c>, a blank line, and <c>[DONE]</c> at the end.</summary>
internal sealed class EventStream : IAsyncDisposable
{
    private const string ContentType = "text/event-stream; charset=utf-8";

    private readonly HttpContext _context;
    private readonly Utf8JsonWriter _writer;

    private EventStream(HttpContext context)
    {
        _context = context;
        _writer = new Utf8JsonWriter(context.Response.BodyWriter, new JsonWriterOptions { Encoder = ServerJson.Default.Options.Encoder, SkipValidation = true });
    }

    /// <summary>Whether the response of that context is such a stream.</summary>
    public static bool IsOn(HttpContext context) => context.Response.ContentType == ContentType;

    /// <summary>Sends the headers; from here on an error can only be an event.</summary>
    public static async Task<EventStream> StartAsync(HttpContext context)
    {
        context.Response.ContentType = ContentType;
        context.Response.Headers.CacheControl = "no-cache";
        context.Response.Headers["X-Accel-Buffering"] = "no";
        await context.Response.StartAsync(context.RequestAborted).ConfigureAwait(false);
        return new EventStream(context);
    }

    /// <summary>Sends one event.</summary>
    public async Task SendAsync<T>(T body, JsonTypeInfo<T> type)
    {
        var pipe = _context.Response.BodyWriter;
        Write("data: "u8);
        JsonSerializer.Serialize(_writer, body, type);
        _writer.Flush();
        _writer.Reset();
        Write("\n\n"u8);
        await pipe.FlushAsync(_context.RequestAborted).ConfigureAwait(false);
    }

    /// <summary>Sends the event that ends the stream.</summary>
    public async Task EndAsync()
    {
        Write("data: [DONE]\n\n"u8);
        await _context.Response.BodyWriter.FlushAsync(_context.RequestAborted).ConfigureAwait(false);
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => _writer.DisposeAsync();

    private void Write(ReadOnlySpan<byte> bytes)
    {
        bytes.CopyTo(_context.Response.BodyWriter.GetSpan(bytes.Length));
        _context.Response.BodyWriter.Advance(bytes.Length);
    }
}
