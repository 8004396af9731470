using SglNative.Tokenizers.Text;
using SglNative.Tokenizers.Unicode;

namespace SglNative.Tokenizers.Normalizers;

/// <summary>NFC, NFD, NFKC, NFKD.</summary>
internal sealed class UnicodeNormalizer(NormalForm form) : Normalizer
{
    private readonly UnicodeNormalization _form = UnicodeNormalization.Of(form);

    public override bool LeavesAlone(ReadOnlySpan<byte> text) => _form.LeavesAlone(text);

    public override void Normalize(ReadOnlySpan<byte> text, TextBuffer to) => _form.Normalize(text, to);
}
