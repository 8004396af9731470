using System.Text.Json;
using SglNative.Core;
using SglNative.Tokenizers.PreTokenizers;
using SglNative.Tokenizers.Text;
using SglNative.Tokenizers.Unicode;

namespace SglNative.Tokenizers.Json;

/// <summary>Reads the "pre_tokenizer" of a tokenizer.json.</summary>
/// <param name="keepsBytes">Whether a ByteLevel step at the very end leaves the bytes as they are, for a model that reads them.</param>
internal sealed class PreTokenizerReader(bool keepsBytes)
{
    private const string Known = "ByteLevel, Split, Digits, Whitespace, WhitespaceSplit, Punctuation, Metaspace, BertPreTokenizer, "
        + "UnicodeScripts, CharDelimiterSplit, FixedLength, Sequence";

    public PreTokenizer? Read(JsonElement element, string path, bool last = true)
    {
        if (element.ValueKind == JsonValueKind.Null) return null;
        var fields = JsonFields.Of(element, path);
        return fields.Type switch
        {
            "ByteLevel" => new ByteLevelPreTokenizer(
                fields.Flag("add_prefix_space", true), fields.Flag("use_regex", true), mapsBytes: !(last && keepsBytes)),
            "Split" => Split(fields),
            "Digits" => new CharacterSplit(CharacterClasses.Numeric,
                fields.Flag("individual_digits", false) ? SplitBehavior.Isolated : SplitBehavior.Contiguous),
            "Whitespace" => new WordSplit(),
            "WhitespaceSplit" => new CharacterSplit(CharacterClasses.WhiteSpace, SplitBehavior.Removed),
            "Punctuation" => new CharacterSplit(CharacterClasses.BertPunctuation, Behavior(fields, "Isolated")),
            "Metaspace" => new MetaspacePreTokenizer(fields.Character("replacement"), Scheme(fields), fields.Flag("split", true)),
            "BertPreTokenizer" => new SequencePreTokenizer([
                new CharacterSplit(CharacterClasses.WhiteSpace, SplitBehavior.Removed),
                new CharacterSplit(CharacterClasses.BertPunctuation, SplitBehavior.Isolated)]),
            "UnicodeScripts" => new ScriptSplit(),
            "CharDelimiterSplit" or "Delimiter" =>
                new CharacterSplit(CodePointSet.Of(fields.Character("delimiter")), SplitBehavior.Removed),
            "FixedLength" => new FixedLengthSplit(Positive(fields, "length", 5)),
            "Sequence" => Sequence(fields, last),
            var type => throw new SglException($"{path}: the pre-tokenizer \"{type}\" is unknown; known are {Known}"),
        };
    }

    /// <summary>Whether the pre-tokenizer's last step is ByteLevel.</summary>
    public static bool EndsInByteLevel(JsonElement element)
    {
        if (element.ValueKind != JsonValueKind.Object || !element.TryGetProperty("type", out var type)) return false;
        if (type.ValueKind != JsonValueKind.String) return false;
        if (type.ValueEquals("ByteLevel")) return true;
        return type.ValueEquals("Sequence") && element.TryGetProperty("pretokenizers", out var steps)
            && steps.ValueKind == JsonValueKind.Array && steps.GetArrayLength() > 0 && EndsInByteLevel(steps[steps.GetArrayLength() - 1]);
    }

    /// <summary>How a Metaspace step, or decoder, prepends its mark.</summary>
    public static PrependScheme Scheme(JsonFields fields)
    {
        var scheme = fields.Text("prepend_scheme") switch
        {
            null or "always" => PrependScheme.Always,
            "first" => PrependScheme.First,
            "never" => PrependScheme.Never,
            _ => throw fields.Wrong("prepend_scheme", "\"always\", \"first\" or \"never\""),
        };
        if (fields.Flag("add_prefix_space", true)) return scheme;
        if (scheme != PrependScheme.Never && fields.Has("prepend_scheme"))
            throw new SglException($"{fields.Path}: add_prefix_space is false, but prepend_scheme is not \"never\"");
        return PrependScheme.Never;
    }

    private SequencePreTokenizer Sequence(JsonFields fields, bool last)
    {
        var items = fields.Items("pretokenizers").ToList();
        var steps = new List<PreTokenizer>();
        for (var i = 0; i < items.Count; i++)
            if (Read(items[i].Item, items[i].Path, last && i == items.Count - 1) is { } step) steps.Add(step);
        return new SequencePreTokenizer(steps);
    }

    private static PreTokenizer Split(JsonFields fields)
    {
        var behavior = Behavior(fields, null);
        var invert = fields.Flag("invert", false);
        var (literal, regex) = PatternReader.Read(fields);
        return regex is null ? PatternSplit.CreateLiteral(literal!, behavior, invert) : PatternSplit.Create(regex, behavior, invert);
    }

    private static SplitBehavior Behavior(JsonFields fields, string? otherwise) => (fields.Text("behavior") ?? otherwise) switch
    {
        "Removed" => SplitBehavior.Removed,
        "Isolated" => SplitBehavior.Isolated,
        "MergedWithPrevious" => SplitBehavior.MergedWithPrevious,
        "MergedWithNext" => SplitBehavior.MergedWithNext,
        "Contiguous" => SplitBehavior.Contiguous,
        null => throw fields.Missing("behavior"),
        _ => throw fields.Wrong("behavior", "Removed, Isolated, MergedWithPrevious, MergedWithNext or Contiguous"),
    };

    private static int Positive(JsonFields fields, string name, int otherwise)
    {
        var value = fields.Number(name, otherwise);
        return value > 0 ? value : throw fields.Wrong(name, "greater than 0");
    }
}
