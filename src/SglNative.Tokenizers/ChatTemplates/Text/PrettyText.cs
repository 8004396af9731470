using SglNative.Tokenizers.ChatTemplates.Values;

namespace SglNative.Tokenizers.ChatTemplates.Text;

/// <summary>Values over several lines where they exceed 80 columns, as Python's <c>pprint</c> lays them out.</summary>
internal sealed class PrettyText
{
    private const int Width = 80;

    private readonly RenderBudget _budget;
    private readonly System.Text.StringBuilder _result = new();

    private PrettyText(RenderBudget budget) => _budget = budget;

    public static string Format(object? value, RenderBudget budget)
    {
        var text = new PrettyText(budget);
        text.Append(value, 0, 0);
        return text._result.ToString();
    }

    private void Append(object? value, int indent, int allowance)
    {
        _budget.CheckLength(_result.Length);
        var line = Sorted(value);
        if (PythonText.Length(line) <= Width - indent - allowance)
        {
            _result.Append(line);
            return;
        }
        switch (value)
        {
            case PythonDict { Count: > 0 } dict: AppendDict(dict, indent, allowance); break;
            case PythonList { Items.Count: > 0 } list: AppendItems(list.Items, "[", "]", indent, allowance); break;
            case PythonTuple { Items.Length: > 0 } tuple: AppendItems(tuple.Items, "(", tuple.Items.Length == 1 ? ",)" : ")", indent, allowance); break;
            case string text: AppendText(text, indent, allowance, line); break;
            default: _result.Append(line); break;
        }
    }

    /// <summary>The value on one line, its dicts sorted by key.</summary>
    private string Sorted(object? value)
    {
        _budget.Enter();
        var text = value switch
        {
            PythonDict dict => $"{{{string.Join(", ", Keys(dict).Select(key => $"{Sorted(key)}: {Sorted(Item(dict, key))}"))}}}",
            PythonList list => $"[{string.Join(", ", list.Items.Select(Sorted))}]",
            PythonTuple { Items.Length: 1 } tuple => $"({Sorted(tuple.Items[0])},)",
            PythonTuple tuple => $"({string.Join(", ", tuple.Items.Select(Sorted))})",
            _ => Representation.Repr(value, _budget),
        };
        _budget.Text(text.Length);
        _budget.Leave();
        return text;
    }

    private void AppendDict(PythonDict dict, int indent, int allowance)
    {
        _budget.Enter();
        _result.Append('{');
        var keys = Keys(dict);
        for (var i = 0; i < keys.Count; i++)
        {
            if (i > 0) _result.Append(",\n").Append(' ', indent + 1);
            var key = Sorted(keys[i]);
            _result.Append(key).Append(": ");
            Append(Item(dict, keys[i]), indent + 1 + PythonText.Length(key) + 2, i == keys.Count - 1 ? allowance + 1 : 1);
        }
        _result.Append('}');
        _budget.Leave();
    }

    private void AppendItems(IList<object?> items, string begin, string end, int indent, int allowance)
    {
        _budget.Enter();
        _result.Append(begin);
        for (var i = 0; i < items.Count; i++)
        {
            if (i > 0) _result.Append(",\n").Append(' ', indent + 1);
            Append(items[i], indent + 1, i == items.Count - 1 ? allowance + end.Length : 1);
        }
        _result.Append(end);
        _budget.Leave();
    }

    /// <summary>A long text becomes several literals, broken behind its blanks.</summary>
    private void AppendText(string text, int indent, int allowance, string line)
    {
        var chunks = new List<string>();
        var lines = PythonText.SplitLines(text, keepEnds: true);
        if (indent == 0)
        {
            indent++;
            allowance++;
        }
        var room = Width - indent;
        for (var i = 0; i < lines.Count; i++)
        {
            var quoted = Representation.ReprText(lines[i]);
            var limit = i == lines.Count - 1 ? room - allowance : room;
            if (PythonText.Length(quoted) <= limit) chunks.Add(quoted);
            else AddParts(chunks, lines[i], room, limit);
        }
        if (chunks.Count == 1)
        {
            _result.Append(line);
            return;
        }
        var parenthesised = _result.Length == 0;
        if (parenthesised) _result.Append('(');
        _result.Append(string.Join("\n" + new string(' ', indent), chunks));
        if (parenthesised) _result.Append(')');
    }

    private static void AddParts(List<string> chunks, string line, int room, int lastRoom)
    {
        var current = "";
        var parts = Parts(line);
        for (var i = 0; i < parts.Count; i++)
        {
            var candidate = current + parts[i];
            var limit = i == parts.Count - 1 ? lastRoom : room;
            if (PythonText.Length(Representation.ReprText(candidate)) > limit)
            {
                if (current.Length > 0) chunks.Add(Representation.ReprText(current));
                candidate = parts[i];
            }
            current = candidate;
        }
        if (current.Length > 0) chunks.Add(Representation.ReprText(current));
    }

    private static List<string> Parts(string line)
    {
        var parts = new List<string>();
        var start = 0;
        for (var i = 0; i < line.Length; i++)
        {
            if (!PythonText.IsSpace(line[i]) || i + 1 < line.Length && PythonText.IsSpace(line[i + 1])) continue;
            parts.Add(line[start..(i + 1)]);
            start = i + 1;
        }
        if (start < line.Length) parts.Add(line[start..]);
        return parts;
    }

    private List<object?> Keys(PythonDict dict)
    {
        var keys = dict.Entries.Select(entry => entry.Key).ToList();
        return keys.TrueForAll(key => key is string or Markup) || keys.TrueForAll(Numbers.IsNumber)
            ? PythonOrder.Sort(keys, key => key, false, _budget)
            : keys;
    }

    private object? Item(PythonDict dict, object? key) => dict.TryGet(key, _budget, out var value) ? value : null;
}
