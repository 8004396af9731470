using System.Globalization;
using SglNative.Tokenizers.Text;

namespace SglNative.Tokenizers.Decoders;

/// <summary>
/// Joins runs of byte tokens (&lt;0xE2&gt;) to characters. A run that is not UTF-8 as a whole becomes one U+FFFD per byte, so nothing
/// of a run is known before it ends.
/// </summary>
internal sealed class ByteFallbackDecoder : Decoder
{
    public override DecodeStage Open(DecodeStage next) => new Stage(next);

    /// <summary>The value of a byte token, or -1.</summary>
    public static int ValueOf(ReadOnlySpan<byte> token)
    {
        if (token.Length != 6 || !token.StartsWith("<0x"u8) || token[5] != '>') return -1;
        // Rust's parser takes a plus sign: <0x+A> is the byte 10.
        var digits = token[3] == '+' ? token[4..5] : token[3..5];
        return int.TryParse(digits, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var value) ? value : -1;
    }

    private sealed class Stage(DecodeStage next) : DecodeStage(next)
    {
        private readonly TextBuffer _run = new();

        public override void Push(ReadOnlySpan<byte> token)
        {
            var value = ValueOf(token);
            if (value >= 0)
            {
                _run.Append((byte)value);
                return;
            }
            EndRun();
            Next.Push(token);
        }

        public override void Finish()
        {
            EndRun();
            base.Finish();
        }

        private void EndRun()
        {
            if (_run.Length == 0) return;
            if (System.Text.Unicode.Utf8.IsValid(_run.Span)) Next.Push(_run.Span);
            else
                for (var i = 0; i < _run.Length; i++) Next.Push("\ufffd"u8);
            _run.Clear();
        }
    }
}
