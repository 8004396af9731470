using SglNative.Tokenizers.Normalizers;
using SglNative.Tokenizers.Text;

namespace SglNative.Tokenizers.Decoders;

/// <summary>Replaces the matches of a pattern in each token.</summary>
internal sealed class RegexReplaceDecoder(RegexReplaceNormalizer replacement) : Decoder
{
    public override DecodeStage Open(DecodeStage next) => new Stage(replacement, next);

    private sealed class Stage(RegexReplaceNormalizer replacement, DecodeStage next) : DecodeStage(next)
    {
        private readonly TextBuffer _replaced = new();

        public override void Push(ReadOnlySpan<byte> token)
        {
            _replaced.Clear();
            // Matches in an empty token are not looked for.
            if (!token.IsEmpty) replacement.Normalize(token, _replaced);
            Next.Push(_replaced.Span);
        }
    }
}
