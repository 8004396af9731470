namespace SglNative.Tokenizers.ChatTemplates.Text;

/// <summary>Breaks text into lines as Python's <c>textwrap</c> does, keeping its blanks as they are.</summary>
internal sealed class TextWrapping(int width, bool breakLongWords, bool breakOnHyphens, RenderBudget budget)
{
    public List<string> Wrap(string text)
    {
        if (width <= 0) throw Values.PythonTypes.ValueError($"invalid width {width} (must be > 0)");
        var chunks = new Stack<string>(Chunks(text).AsEnumerable().Reverse());
        var lines = new List<string>();
        while (chunks.Count > 0)
        {
            budget.Charge(1 + width / 32);
            var line = new List<string>();
            var length = 0;
            if (lines.Count > 0 && IsBlank(chunks.Peek())) chunks.Pop();
            while (chunks.TryPeek(out var chunk) && length + PythonText.Length(chunk) <= width)
            {
                line.Add(chunks.Pop());
                length += PythonText.Length(chunk);
            }
            if (chunks.TryPeek(out var next))
            {
                // What is left of a long word is measured, and copied, once a line.
                budget.Charge(next.Length >> 3);
                if (PythonText.Length(next) > width) BreakLongWord(chunks, line, length);
            }
            if (line.Count > 0 && IsBlank(line[^1])) line.RemoveAt(line.Count - 1);
            if (line.Count > 0) lines.Add(string.Concat(line));
        }
        return lines;
    }

    private void BreakLongWord(Stack<string> chunks, List<string> line, int length)
    {
        if (!breakLongWords)
        {
            if (line.Count == 0) line.Add(chunks.Pop());
            return;
        }
        var chunk = chunks.Pop();
        var space = Math.Max(width - length, 1);
        var end = PythonText.Offset(chunk, space);
        if (breakOnHyphens)
        {
            var hyphen = chunk.AsSpan(0, end).LastIndexOf('-');
            if (hyphen > 0 && chunk.AsSpan(0, hyphen).IndexOfAnyExcept('-') >= 0) end = hyphen + 1;
        }
        line.Add(chunk[..end]);
        if (end < chunk.Length) chunks.Push(chunk[end..]);
    }

    private static bool IsBlank(string chunk) => chunk.AsSpan().Trim(PythonText.Spaces).IsEmpty;

    private List<string> Chunks(string text)
    {
        var chunks = new List<string>();
        for (var i = 0; i < text.Length;)
        {
            var start = i;
            var blank = IsAsciiBlank(text[i]);
            while (i < text.Length && IsAsciiBlank(text[i]) == blank) i++;
            if (blank || !breakOnHyphens) chunks.Add(text[start..i]);
            else AddWord(chunks, text[start..i]);
        }
        return chunks;
    }

    /// <summary>Cuts a word behind its hyphens and around its dashes, where letters stand on both sides.</summary>
    private static void AddWord(List<string> chunks, string word)
    {
        var start = 0;
        for (var i = 0; i < word.Length; i++)
        {
            if (word[i] != '-') continue;
            var end = i;
            while (end < word.Length && word[end] == '-') end++;
            var isDash = end - i >= 2;
            if (isDash && i > 0 && IsWordEnd(word[i - 1]) && end < word.Length && IsLetterOrDigit(word[end]))
            {
                if (i > start) chunks.Add(word[start..i]);
                chunks.Add(word[i..end]);
                start = end;
            }
            else if (!isDash && i >= 2 && IsLetter(word[i - 1]) && (IsLetter(word[i - 2]) || word[i - 2] == '-' && i > 2) && StartsWord(word, end))
            {
                chunks.Add(word[start..end]);
                start = end;
            }
            i = end - 1;
        }
        if (start < word.Length) chunks.Add(word[start..]);
    }

    private static bool StartsWord(string word, int at) =>
        at + 1 < word.Length && IsLetter(word[at]) && (IsLetter(word[at + 1]) || word[at + 1] == '-');

    private static bool IsAsciiBlank(char c) => c is ' ' or '\t' or '\n' or '\v' or '\f' or '\r';

    private static bool IsLetter(char c) => char.IsLetter(c) || c == '_';

    private static bool IsLetterOrDigit(char c) => char.IsLetterOrDigit(c) || c == '_';

    private static bool IsWordEnd(char c) => IsLetterOrDigit(c) || c is '!' or '"' or '\'' or '&' or '.' or ',' or '?';
}
