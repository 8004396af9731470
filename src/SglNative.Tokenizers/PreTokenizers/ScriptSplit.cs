using SglNative.Tokenizers.Text;
using SglNative.Tokenizers.Unicode;

namespace SglNative.Tokenizers.PreTokenizers;

/// <summary>UnicodeScripts: splits where the script changes; kana counts as Han, spaces and unassigned characters join either side.</summary>
internal sealed class ScriptSplit : PreTokenizer
{
    private const int Any = 0;
    private static readonly CodePointEnumeration Scripts = UnicodeTables.Enumeration("script9");
    private static readonly int Han = IndexOf("Han");
    private static readonly int Hiragana = IndexOf("Hiragana");
    private static readonly int Katakana = IndexOf("Katakana");

    private static int IndexOf(string script) => Scripts.Labels.Index().First(l => l.Item == script).Index + 1;

    public override void Apply(PieceList pieces)
    {
        for (var i = 0; i < pieces.Count; i++)
        {
            var text = pieces.TextOf(i);
            var offset = pieces[i].Start;
            // What comes before the first character that has a script is dropped, as the reference does.
            var start = -1;
            int? last = null;
            for (int at = 0, length; at < text.Length; at += length)
            {
                var script = ScriptOf(Utf8.Decode(text, at, out length));
                if (script == Any) continue;
                if (last != script)
                {
                    if (start >= 0) pieces.Add(offset + start, offset + at);
                    start = at;
                }
                last = script;
            }
            if (start >= 0) pieces.Add(offset + start, offset + text.Length);
        }
        pieces.Commit();
    }

    private static int ScriptOf(int codePoint)
    {
        if (codePoint == ' ') return Any;
        if (codePoint == 0x30fc) return Han;
        var script = Scripts[codePoint];
        return script == Hiragana || script == Katakana ? Han : script;
    }
}
