using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json;

namespace SglNative.Engine.Configuration.Flags;

/// <summary>The kinds of values that flags take. A null is written as None, as SGLang's help does.</summary>
internal static class FlagFormat
{
    private const string None = "None";

    public static FlagFormat<bool> Switch { get; } = new(_ => true, value => value ? "on" : "off");

    public static FlagFormat<int> Integer { get; } = new(words => ReadInteger(words[0]), WriteInteger);

    public static FlagFormat<int?> OptionalInteger { get; } = new(words => ReadInteger(words[0]), value => value is { } set ? WriteInteger(set) : None);

    public static FlagFormat<double> Number { get; } = new(words => ReadNumber(words[0]), WriteNumber);

    public static FlagFormat<double?> OptionalNumber { get; } = new(words => ReadNumber(words[0]), value => value is { } set ? WriteNumber(set) : None);

    public static FlagFormat<string> Text { get; } = new(words => words[0], value => value.Length == 0 ? "\"\"" : value);

    public static FlagFormat<string?> OptionalText { get; } = new(words => words.Count == 0 ? "" : words[0], value => value ?? None);

    public static FlagFormat<ImmutableArray<string>> Texts { get; } = List(word => word, word => word, JsonText, "a list of texts");

    public static FlagFormat<ImmutableArray<int>> Integers { get; } =
        List(ReadInteger, WriteInteger, item => ReadInteger(item.GetRawText()), "integers, or a JSON list of them");

    public static FlagFormat<ImmutableArray<int>> CommaIntegers { get; } = new(words => ReadCommaIntegers(words[0]), Integers.Write);

    public static FlagFormat<ImmutableArray<double>> Numbers { get; } =
        List(ReadNumber, WriteNumber, item => ReadNumber(item.GetRawText()), "numbers, or a JSON list of them");

    /// <summary>A JSON document whose outermost value is of <paramref name="kind"/>, kept as text.</summary>
    public static FlagFormat<string?> Json(JsonValueKind kind) => new(words => ReadJson(words[0], kind), value => value ?? None);

    private static int ReadInteger(string word) =>
        int.TryParse(word, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var value) ? value
        : long.TryParse(word, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out _)
            ? throw new FormatException($"an integer from {int.MinValue} to {int.MaxValue}")
            : throw new FormatException("an integer");

    private static ImmutableArray<int> ReadCommaIntegers(string word)
    {
        try
        {
            return [.. word.Split(',').Select(part => ReadInteger(part.Trim()))];
        }
        catch (FormatException e)
        {
            throw new FormatException("integers separated by commas", e);
        }
    }

    private static string WriteInteger(int value) => value.ToString(CultureInfo.InvariantCulture);

    private static double ReadNumber(string word) =>
        double.TryParse(word, NumberStyles.Float, CultureInfo.InvariantCulture, out var value) && double.IsFinite(value)
            ? value
            : throw new FormatException("a number");

    private static string WriteNumber(double value)
    {
        var text = value.ToString(CultureInfo.InvariantCulture);
        return text.All(char.IsAsciiDigit) ? text + ".0" : text;
    }

    private static string ReadJson(string text, JsonValueKind kind)
    {
        var expected = kind == JsonValueKind.Object ? "a JSON object" : "a JSON list";
        try
        {
            using var document = JsonDocument.Parse(text);
            return document.RootElement.ValueKind == kind ? text : throw new FormatException(expected);
        }
        catch (JsonException e)
        {
            throw new FormatException($"{expected} (it fails at character {(e.BytePositionInLine ?? 0) + 1} of line {(e.LineNumber ?? 0) + 1})", e);
        }
        catch (ArgumentException e)
        {
            // Half of a surrogate pair, which UTF-8 cannot express.
            throw new FormatException($"{expected} of whole characters", e);
        }
    }

    private static string JsonText(JsonElement item) => item.ValueKind == JsonValueKind.String ? item.GetString()! : item.GetRawText();

    /// <summary>A list is given as several words, or, as some of SGLang's flags want it, as one word that is a JSON list.</summary>
    private static FlagFormat<ImmutableArray<T>> List<T>(
        Func<string, T> read, Func<T, string> write, Func<JsonElement, T> readJson, string expected) => new(
        words =>
        {
            try
            {
                if (words is not [['[', ..] json]) return [.. words.Select(read)];
                using var document = JsonDocument.Parse(json);
                return [.. document.RootElement.EnumerateArray().Select(readJson)];
            }
            catch (Exception e) when (e is JsonException or FormatException or ArgumentException)
            {
                throw new FormatException(expected, e);
            }
        },
        values => values.IsDefaultOrEmpty ? None : string.Join(' ', values.Select(write)));
}
