using System.Buffers;
using Microsoft.ML.Tokenizers;

namespace SglNative.Tokenizers;

public sealed partial class HfTokenizer
{
    /// <summary>
    /// Decodes with special tokens, as far as the destination reaches. Text is written token by token and only where it is certain;
    /// <paramref name="idsConsumed"/> counts the ids whose text is written in full.
    /// </summary>
    public override OperationStatus Decode(IEnumerable<int> ids, Span<char> destination, out int idsConsumed, out int charsWritten)
    {
        ArgumentNullException.ThrowIfNull(ids);
        var detokenizer = CreateDetokenizer(skipSpecialTokens: false);
        (idsConsumed, charsWritten) = (0, 0);
        var seen = 0;
        foreach (var id in ids)
        {
            var text = detokenizer.AppendSpan(id);
            seen++;
            if (text.IsEmpty) continue;
            if (!text.TryCopyTo(destination[charsWritten..])) return OperationStatus.DestinationTooSmall;
            charsWritten += text.Length;
            idsConsumed = seen;
        }
        var rest = detokenizer.Flush();
        if (!rest.TryCopyTo(destination[charsWritten..])) return OperationStatus.DestinationTooSmall;
        charsWritten += rest.Length;
        idsConsumed = seen;
        return OperationStatus.Done;
    }

    /// <summary>Decodes with special tokens.</summary>
    public override string Decode(IEnumerable<int> ids) => Decode(ids, skipSpecialTokens: false);

    /// <summary>The ids of a text with the tokenizer's special tokens around it; with a limit, the first so many.</summary>
    protected override EncodeResults<int> EncodeToIds(string? text, ReadOnlySpan<char> textSpan, EncodeSettings settings)
    {
        var span = text is null ? textSpan : text.AsSpan();
        if (settings.MaxTokenCount == int.MaxValue && settings is { ConsiderNormalization: true, ConsiderPreTokenization: true })
        {
            var ids = new List<int>();
            Encode(span, ids, addSpecialTokens: true);
            return new EncodeResults<int> { Tokens = ids, NormalizedText = null, CharsConsumed = span.Length };
        }
        var tokens = EncodeToTokens(text, textSpan, settings);
        return new EncodeResults<int>
        {
            Tokens = [.. tokens.Tokens.Select(t => t.Id)],
            NormalizedText = tokens.NormalizedText,
            CharsConsumed = tokens.CharsConsumed,
        };
    }

    /// <summary>How many ids a text has, special tokens included.</summary>
    protected override int CountTokens(string? text, ReadOnlySpan<char> textSpan, EncodeSettings settings) =>
        EncodeToIds(text, textSpan, settings).Tokens.Count;

    /// <summary>
    /// The tokens of a text with the special tokens around it. Offsets are UTF-16 indices into NormalizedText: the text as the model
    /// saw it, normalized and with the marks a pre-tokenizer writes. A token that begins or ends inside a character covers all of it.
    /// </summary>
    protected override EncodeResults<EncodedToken> EncodeToTokens(string? text, ReadOnlySpan<char> textSpan, EncodeSettings settings) =>
        EncodeWithOffsets(text is null ? textSpan : text.AsSpan(), settings);

    /// <summary>The index in the normalized text up to which, or from which, so many tokens reach.</summary>
    protected override int GetIndexByTokenCount(
        string? text, ReadOnlySpan<char> textSpan, EncodeSettings settings, bool fromEnd, out string? normalizedText, out int tokenCount)
    {
        var span = text is null ? textSpan : text.AsSpan();
        var all = EncodeWithOffsets(span, new EncodeSettings
        {
            ConsiderNormalization = settings.ConsiderNormalization,
            ConsiderPreTokenization = settings.ConsiderPreTokenization,
        });
        normalizedText = all.NormalizedText;
        tokenCount = Math.Min(settings.MaxTokenCount, all.Tokens.Count);
        if (tokenCount == 0) return fromEnd ? normalizedText!.Length : 0;
        return fromEnd ? all.Tokens[^tokenCount].Offset.Start.Value : all.Tokens[tokenCount - 1].Offset.End.Value;
    }
}
