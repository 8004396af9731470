using System.Text;
using System.Text.Json;

namespace SglNative.Core.Configuration;

/// <summary>
/// JSON as Python's json module writes and reads it: NaN, Infinity and -Infinity are numbers, a repeated key means its last value.
/// </summary>
internal static class PythonJson
{
    private const int MaxDepth = 64;

    // .NET parses an out-of-range number as infinity; not-a-number needs a spelling that no writer of numbers produces.
    private const string NaN = "0e-99999";
    private const string Infinity = "1e99999";

    private static readonly (string Literal, string Number)[] Literals = [("NaN", NaN), ("Infinity", Infinity)];

    /// <summary>Parses a document; <paramref name="source"/> names it in errors.</summary>
    /// <exception cref="SglException">The text is not JSON.</exception>
    public static JsonElement Parse(ReadOnlySpan<byte> utf8, string source)
    {
        if (utf8.StartsWith("\uFEFF"u8)) utf8 = utf8[3..];
        try
        {
            using var document = JsonDocument.Parse(Translate(utf8), new JsonDocumentOptions { MaxDepth = MaxDepth });
            return document.RootElement.Clone();
        }
        catch (JsonException e)
        {
            throw new SglException($"{source} is not valid JSON: {e.Message}", e);
        }
    }

    /// <summary>The value of a number element, NaN and infinities included.</summary>
    public static double Number(JsonElement element) => element.GetRawText() == NaN ? double.NaN : element.GetDouble();

    /// <summary>A number element as its file spells it.</summary>
    public static string Spelling(JsonElement element) => element.GetRawText() switch
    {
        NaN => "NaN",
        Infinity => "Infinity",
        "-" + Infinity => "-Infinity",
        var text => text,
    };

    private static byte[] Translate(ReadOnlySpan<byte> utf8)
    {
        if (utf8.IndexOf("NaN"u8) < 0 && utf8.IndexOf("Infinity"u8) < 0) return utf8.ToArray();
        var output = new MemoryStream(utf8.Length + 64);
        for (var i = 0; i < utf8.Length;)
        {
            var length = utf8[i] == (byte)'"' ? StringLength(utf8[i..]) : 1;
            var literal = length == 1 ? LiteralAt(utf8[i..]) : null;
            if (literal is { } found)
            {
                output.Write(Encoding.ASCII.GetBytes(found.Number));
                length = found.Literal.Length;
            }
            else output.Write(utf8.Slice(i, length));
            i += length;
        }
        return output.ToArray();
    }

    private static (string Literal, string Number)? LiteralAt(ReadOnlySpan<byte> text)
    {
        foreach (var literal in Literals)
            if (text.StartsWith(Encoding.ASCII.GetBytes(literal.Literal))) return literal;
        return null;
    }

    /// <summary>Length of the string literal at the start, quotes included, or to the end of the text when it is not closed.</summary>
    private static int StringLength(ReadOnlySpan<byte> text)
    {
        for (var i = 1; i < text.Length; i++)
            if (text[i] == (byte)'\\') i++;
            else if (text[i] == (byte)'"') return i + 1;
        return text.Length;
    }
}
