using SglNative.Tokenizers.Text;

namespace SglNative.Tokenizers.Decoders;

/// <summary>The end of the line: keeps the text until it is read.</summary>
internal sealed class OutputStage() : DecodeStage(null)
{
    public TextBuffer Text { get; } = new();

    public override void Push(ReadOnlySpan<byte> token) => Text.Append(token);
}
