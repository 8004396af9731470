using SglNative.Tokenizers.ChatTemplates.Execution;
using SglNative.Tokenizers.ChatTemplates.Values;

namespace SglNative.Tokenizers.ChatTemplates.Builtins;

/// <summary>Filler text: paragraphs of random words.</summary>
internal static class LoremIpsum
{
    private static readonly string[] Words =
        "lorem ipsum dolor sit amet consectetur adipiscing elit sed eiusmod tempor incididunt labore dolore magna aliqua".Split(' ');

    public static object Write(RenderState state, object?[] a)
    {
        var count = Math.Max(Argument.Integer(a[0], 5), 0);
        var html = Argument.Flag(a[1], true, state.Budget);
        var (min, max) = (Argument.Integer(a[2], 20), Argument.Integer(a[3], 100));
        if (min >= max) throw PythonTypes.ValueError($"empty range for randrange() ({min}, {max}, {max - min})");
        state.Budget.Text((long)count * Math.Max(max, 1) * 8);
        var paragraphs = Enumerable.Range(0, count).Select(_ => Paragraph(Random.Shared.Next(Math.Max(min, 0), Math.Max(max, 1))));
        return html ? new Markup(string.Join("\n", paragraphs.Select(text => $"<p>{text}</p>"))) : string.Join("\n\n", paragraphs);
    }

    private static string Paragraph(int length)
    {
        var text = string.Join(' ', Enumerable.Range(0, length).Select(_ => Words[Random.Shared.Next(Words.Length)]));
        return text.Length == 0 ? "." : char.ToUpperInvariant(text[0]) + text[1..] + ".";
    }
}
