using System.Globalization;
using System.Text.Json.Nodes;
using YamlDotNet.Core;
using YamlDotNet.Core.Events;

namespace SglNative.Engine.Configuration.Flags;

/// <summary>What a plain YAML scalar stands for, by the rules that YAML readers agree on.</summary>
internal static class YamlScalar
{
    public static bool IsNull(Scalar scalar) =>
        scalar.Style == ScalarStyle.Plain && scalar.Value is "" or "~" or "null" or "Null" or "NULL";

    /// <summary>
    /// A plain scalar becomes a number or a boolean where it reads as one; everything else is text. Numbers keep their spelling,
    /// since a flag that takes a text (a revision such as 1e5) must get what was written.
    /// </summary>
    public static JsonNode? ToJson(Scalar scalar)
    {
        if (IsNull(scalar)) return null;
        if (scalar.Style != ScalarStyle.Plain) return JsonValue.Create(scalar.Value);
        if (scalar.Value.ToLowerInvariant() is "true" or "false") return JsonValue.Create(scalar.Value[0] is 't' or 'T');
        return IsJsonNumber(scalar.Value) ? JsonNode.Parse(scalar.Value) : JsonValue.Create(scalar.Value);
    }

    /// <summary>What a switch is set to; null for a value that is neither.</summary>
    public static bool? AsBoolean(JsonNode node) => Text(node).ToLowerInvariant() switch
    {
        "true" or "yes" or "on" => true,
        "false" or "no" or "off" => false,
        _ => null,
    };

    /// <summary>The value as it would be typed on the command line.</summary>
    public static string Text(JsonNode node) =>
        node is JsonValue value && value.TryGetValue<string>(out var text) ? text : node.ToJsonString();

    private static bool IsJsonNumber(string text)
    {
        var digits = text.AsSpan(text.StartsWith('-') ? 1 : 0);
        if (digits.IsEmpty || !char.IsAsciiDigit(digits[0]) || !char.IsAsciiDigit(digits[^1])) return false;
        if (digits[0] == '0' && digits.Length > 1 && char.IsAsciiDigit(digits[1])) return false;
        return double.TryParse(text, NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint | NumberStyles.AllowExponent, CultureInfo.InvariantCulture, out _)
            && !digits.Contains(".e", StringComparison.OrdinalIgnoreCase) && !digits.Contains(".E", StringComparison.Ordinal);
    }
}
