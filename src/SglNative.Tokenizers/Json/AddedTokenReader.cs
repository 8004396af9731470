using System.Text.Json;
using SglNative.Core;
using SglNative.Tokenizers.AddedTokens;

namespace SglNative.Tokenizers.Json;

/// <summary>Reads the "added_tokens" of a tokenizer.json.</summary>
internal static class AddedTokenReader
{
    public static List<AddedToken> Read(JsonElement element)
    {
        if (element.ValueKind == JsonValueKind.Null) return [];
        if (element.ValueKind != JsonValueKind.Array) throw new SglException("added_tokens: should be a list");
        return [.. element.EnumerateArray().Select((item, i) => ReadToken(JsonFields.Of(item, $"added_tokens[{i}]")))];
    }

    /// <summary>One token, as in added_tokens or in tokenizer_config.json's added_tokens_decoder.</summary>
    public static AddedToken ReadToken(JsonFields fields)
    {
        var special = fields.Flag("special", false);
        return new AddedToken(fields.RequiredText("content"), fields.Flag("single_word", false), fields.Flag("lstrip", false),
            fields.Flag("rstrip", false), fields.Flag("normalized", !special), special);
    }
}
