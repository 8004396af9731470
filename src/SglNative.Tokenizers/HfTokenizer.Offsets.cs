using System.Text;
using Microsoft.ML.Tokenizers;
using SglNative.Tokenizers.PostProcessors;
using SglNative.Tokenizers.Text;

namespace SglNative.Tokenizers;

public sealed partial class HfTokenizer
{
    private EncodeResults<EncodedToken> EncodeWithOffsets(ReadOnlySpan<char> text, EncodeSettings settings)
    {
        var workspace = _spare.Take();
        var written = new TextBuffer();
        var spans = new List<(int Id, int Start, int End)>();
        EncodeTracked(text, settings, workspace, written, spans);
        _spare.Return(workspace);

        var tokens = new List<EncodedToken>();
        var characters = new CharacterIndex(written.Span);
        var end = 0;
        foreach (var id in _pipeline.PostProcessor.Single)
        {
            if (id != PostProcessor.First)
            {
                tokens.Add(new EncodedToken(id, IdToToken(id) ?? "", new Range(end, end)));
                continue;
            }
            foreach (var span in spans)
            {
                var (first, last) = characters.Cover(written.Span, span.Start, span.End);
                tokens.Add(new EncodedToken(span.Id, IdToToken(span.Id) ?? "", new Range(first, last)));
            }
            end = Encoding.UTF8.GetCharCount(written.Span);
        }
        var whole = Encoding.UTF8.GetString(written.Span);
        if (tokens.Count <= settings.MaxTokenCount)
            return new EncodeResults<EncodedToken> { Tokens = tokens, NormalizedText = whole, CharsConsumed = text.Length };
        tokens.RemoveRange(settings.MaxTokenCount, tokens.Count - settings.MaxTokenCount);
        var consumed = tokens.Count == 0 ? 0 : tokens[^1].Offset.End.Value;
        return new EncodeResults<EncodedToken> { Tokens = tokens, NormalizedText = whole, CharsConsumed = Math.Min(consumed, text.Length) };
    }

    /// <summary>Encodes section by section, keeping the text that each section's tokens cover.</summary>
    private void EncodeTracked(
        ReadOnlySpan<char> text, EncodeSettings settings, Workspace workspace, TextBuffer written, List<(int, int, int)> spans)
    {
        workspace.Input.Clear();
        workspace.Input.Append(text);
        _pipeline.Added.SplitRaw(workspace.Input.Span, workspace.Raw);
        foreach (var (rawStart, rawEnd, rawId) in workspace.Raw)
        {
            var section = workspace.Input.Span[rawStart..rawEnd];
            if (rawId >= 0)
            {
                AddToken(rawId, section);
                continue;
            }
            if (settings.ConsiderNormalization && _pipeline.NormalizerAt(rawStart == 0) is { } normalizer)
            {
                workspace.Normalized.Clear();
                normalizer.Normalize(section, workspace.Normalized);
                section = workspace.Normalized.Span;
            }
            _pipeline.Added.SplitNormalized(section, workspace.Inner);
            foreach (var (start, end, id) in workspace.Inner)
            {
                if (id >= 0)
                {
                    AddToken(id, section[start..end]);
                    continue;
                }
                workspace.Pieces.Reset(section[start..end], rawStart == 0 && start == 0);
                if (settings.ConsiderPreTokenization) _pipeline.PreTokenizer?.Apply(workspace.Pieces);
                AddPieces();
            }
        }

        void AddToken(int id, ReadOnlySpan<byte> covered)
        {
            spans.Add((id, written.Length, written.Length + covered.Length));
            written.Append(covered);
        }

        void AddPieces()
        {
            for (var i = 0; i < workspace.Pieces.Count; i++)
            {
                var start = written.Length;
                written.Append(workspace.Pieces.TextOf(i));
                workspace.Sink.Clear();
                _pipeline.Model.Encode(workspace.Pieces.TextOf(i), workspace.Sink);
                for (var t = 0; t < workspace.Sink.Count; t++)
                {
                    var end = Math.Min(start + workspace.Sink.Lengths[t], written.Length);
                    spans.Add((workspace.Sink.Ids[t], start, end));
                    start = end;
                }
            }
        }
    }

    /// <summary>UTF-16 indices of bytes, asked for in ascending order.</summary>
    private struct CharacterIndex(ReadOnlySpan<byte> text)
    {
        private readonly int _length = text.Length;
        private int _byte;
        private int _character;

        /// <summary>The characters that bytes from start to before end touch.</summary>
        public (int First, int Last) Cover(ReadOnlySpan<byte> text, int start, int end)
        {
            while (start > 0 && start < _length && (text[start] & 0xc0) == 0x80) start--;
            while (end < _length && (text[end] & 0xc0) == 0x80) end++;
            if (start < _byte) (_byte, _character) = (0, 0);
            _character += Encoding.UTF8.GetCharCount(text[_byte..start]);
            _byte = start;
            return (_character, _character + Encoding.UTF8.GetCharCount(text[start..Math.Max(start, end)]));
        }
    }
}
