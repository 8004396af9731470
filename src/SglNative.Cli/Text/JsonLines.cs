using System.Runtime.CompilerServices;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using SglNative.Core;

namespace SglNative.Cli.Text;

/// <summary>Reads and writes one JSON value a line.</summary>
internal static class JsonLines
{
    private static readonly JsonSerializerOptions Readable = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>The values on <paramref name="input"/> with the numbers of their lines, from 1; blank lines are passed over.</summary>
    /// <exception cref="SglException">A line is not JSON, or the input is not UTF-8.</exception>
    public static async IAsyncEnumerable<(int Line, JsonNode? Value)> ReadAsync(TextReader input, [EnumeratorCancellation] CancellationToken stop)
    {
        for (var line = 1; await ReadLineAsync(input, line, stop) is { } text; line++)
            if (!string.IsNullOrWhiteSpace(text))
                yield return (line, Parse(text, line));
    }

    /// <summary>The value as one line of JSON, with letters of any script as they are.</summary>
    public static string Write(JsonNode? value) => value?.ToJsonString(Readable) ?? "null";

    /// <summary>An answer to one line, or <c>{"error":…}</c> in its place: the lines that follow get theirs all the same.</summary>
    public static JsonNode? Answer(Func<JsonNode?> answer)
    {
        try
        {
            return answer();
        }
        catch (SglException e)
        {
            return new JsonObject { ["error"] = e.Message };
        }
    }

    /// <summary>The error for a line that holds something else than was wanted.</summary>
    public static SglException Fail(int line, string message, Exception? cause = null) => new($"line {line} of the input: {message}", cause!);

    /// <summary>Reads on the thread pool, because reading a terminal or a pipe blocks and an interrupt must still be heard.</summary>
    private static async Task<string?> ReadLineAsync(TextReader input, int line, CancellationToken stop)
    {
        try
        {
            return await Task.Run(input.ReadLine, stop).WaitAsync(stop);
        }
        catch (DecoderFallbackException e)
        {
            throw Fail(line, "it is not UTF-8 text (here or shortly after)", e);
        }
    }

    private static JsonNode? Parse(string text, int line)
    {
        try
        {
            return JsonNode.Parse(text, documentOptions: new JsonDocumentOptions { MaxDepth = 256 });
        }
        catch (JsonException e)
        {
            throw Fail(line, $"not JSON at byte {(e.BytePositionInLine ?? 0) + 1}", e);
        }
    }
}
