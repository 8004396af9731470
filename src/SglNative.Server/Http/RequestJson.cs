using System.Text;
using System.Text.Json;
using System.Text.Unicode;
using SglNative.Core;

namespace SglNative.Server.Http;

/// <summary>
/// Parses the JSON of a request so that nothing behind it meets a surprise: all texts are valid Unicode, and no object has a key
/// twice (the last one counts, as in Python).
/// </summary>
internal static class RequestJson
{
    private const int MaxDepth = 64;

    /// <summary>Parses a body. The document must be disposed when the request has been read.</summary>
    /// <exception cref="SglException">The body is empty, or is not JSON in valid UTF-8.</exception>
    public static JsonDocument Parse(ReadOnlyMemory<byte> body)
    {
        if (body.Span.StartsWith(Encoding.UTF8.Preamble)) body = body[Encoding.UTF8.Preamble.Length..];
        if (body.Span.Trim(" \t\r\n"u8).IsEmpty) throw new SglException("the request body is empty, expected a JSON object");
        if (!Utf8.IsValid(body.Span)) throw new SglException("the request body is not valid UTF-8");
        Check(body.Span);
        try
        {
            return JsonDocument.Parse(body, new JsonDocumentOptions { MaxDepth = MaxDepth, AllowDuplicateProperties = false });
        }
        catch (JsonException)
        {
            // It is well-formed, so what is left is a key that is there twice.
            using var document = JsonDocument.Parse(body, new JsonDocumentOptions { MaxDepth = MaxDepth });
            return Distinct(document.RootElement);
        }
    }

    private static void Check(ReadOnlySpan<byte> body)
    {
        // One level more than may be, so that too deep is told from malformed.
        var reader = new Utf8JsonReader(body, new JsonReaderOptions { MaxDepth = MaxDepth + 1 });
        try
        {
            while (reader.Read())
            {
                if (reader.ValueIsEscaped) reader.GetString();
                if (reader.CurrentDepth >= MaxDepth && reader.TokenType is (JsonTokenType.StartObject or JsonTokenType.StartArray))
                    throw new SglException($"the request body is nested deeper than {MaxDepth} levels");
            }
        }
        catch (JsonException e)
        {
            throw new SglException($"the request body is not valid JSON (line {e.LineNumber + 1}, byte {e.BytePositionInLine + 1})", e);
        }
        catch (InvalidOperationException e)
        {
            throw new SglException($"the request body has a text with half a surrogate pair (byte {reader.TokenStartIndex + 1}), which is no valid Unicode", e);
        }
    }

    private static JsonDocument Distinct(JsonElement root)
    {
        using var buffer = new MemoryStream();
        using (var writer = new Utf8JsonWriter(buffer)) Write(writer, root);
        return JsonDocument.Parse(buffer.GetBuffer().AsMemory(0, (int)buffer.Length), new JsonDocumentOptions { MaxDepth = MaxDepth });
    }

    private static void Write(Utf8JsonWriter writer, JsonElement element)
    {
        switch (element.ValueKind)
        {
            case JsonValueKind.Object:
                var members = new OrderedDictionary<string, JsonElement>(StringComparer.Ordinal);
                foreach (var member in element.EnumerateObject()) members[member.Name] = member.Value;
                writer.WriteStartObject();
                foreach (var (name, value) in members)
                {
                    writer.WritePropertyName(name);
                    Write(writer, value);
                }
                writer.WriteEndObject();
                break;
            case JsonValueKind.Array:
                writer.WriteStartArray();
                foreach (var item in element.EnumerateArray()) Write(writer, item);
                writer.WriteEndArray();
                break;
            default:
                element.WriteTo(writer);
                break;
        }
    }
}
