using SglNative.Tokenizers.Text;
using SglNative.Tokenizers.Unicode;

namespace SglNative.Tokenizers.Normalizers;

/// <summary>Drops some characters and writes others as spaces: StripAccents, Nmt, BERT's cleaning.</summary>
internal sealed class CharacterFilter(CodePointSet dropped, CodePointSet spaces) : Normalizer
{
    private readonly CodePointSet _active = dropped.Union(spaces);

    public static CharacterFilter StripAccents { get; } = new(CharacterClasses.CombiningMark, CodePointSet.Empty);

    public static CharacterFilter BertAccents { get; } = new(CharacterClasses.BertAccent, CodePointSet.Empty);

    public static CharacterFilter BertCleaning { get; } =
        new(CharacterClasses.BertControl.Union(CodePointSet.Of(0, 0xfffd)), CharacterClasses.WhiteSpace);

    public static CharacterFilter Nmt { get; } = new(
        CodePointSet.FromRanges([new(1, 8), new(0xb, 0xb), new(0xe, 0x1f), new(0x7f, 0x7f), new(0x8f, 0x8f), new(0x9f, 0x9f)]),
        CodePointSet.FromRanges([new(9, 0xa), new(0xc, 0xd), new(0x1680, 0x1680), new(0x200b, 0x200f), new(0x2028, 0x2029),
            new(0x2581, 0x2581), new(0xfeff, 0xfeff), new(0xfffd, 0xfffd)]));

    public override bool LeavesAlone(ReadOnlySpan<byte> text)
    {
        for (int at = 0, length; at < text.Length; at += length)
            if (_active.Contains(Utf8.Decode(text, at, out length))) return false;
        return true;
    }

    public override void Normalize(ReadOnlySpan<byte> text, TextBuffer to)
    {
        for (int at = 0, length; at < text.Length; at += length)
        {
            var c = Utf8.Decode(text, at, out length);
            if (!_active.Contains(c)) to.Append(text.Slice(at, length));
            else if (!dropped.Contains(c)) to.Append((byte)' ');
        }
    }
}
