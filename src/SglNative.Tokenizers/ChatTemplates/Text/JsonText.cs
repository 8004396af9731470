using System.Globalization;
using System.Numerics;
using System.Text;
using SglNative.Tokenizers.ChatTemplates.Values;

namespace SglNative.Tokenizers.ChatTemplates.Text;

/// <summary>Values as JSON, exactly as Python's <c>json.dumps</c> writes them.</summary>
internal sealed class JsonText(bool ensureAscii, string? indent, string itemSeparator, string keySeparator, bool sortKeys, RenderBudget budget)
{
    private readonly StringBuilder _result = new();

    public string Write(object? value)
    {
        Append(value, 0);
        budget.Text(_result.Length);
        return _result.ToString();
    }

    private void Append(object? value, int level)
    {
        budget.Step();
        if (_result.Length > 4096) budget.CheckLength(_result.Length);
        switch (value)
        {
            case string text: AppendText(text); break;
            case Markup markup: AppendText(markup.Text); break;
            case null or bool or long or BigInteger or double: _result.Append(Scalar(value)); break;
            case PythonList list: AppendItems(list.Items, level); break;
            case PythonTuple tuple: AppendItems(tuple.Items, level); break;
            case PythonDict dict: AppendDict(dict, level); break;
            default: throw PythonTypes.TypeError($"Object of type {PythonTypes.NameOf(value)} is not JSON serializable");
        }
    }

    private static string Scalar(object? value) => value switch
    {
        null => "null",
        bool flag => flag ? "true" : "false",
        double real when double.IsNaN(real) => "NaN",
        double real when double.IsInfinity(real) => real > 0 ? "Infinity" : "-Infinity",
        double real => PythonReal.Repr(real),
        _ => PythonInteger.ToText(value),
    };

    private void AppendItems(IList<object?> items, int level)
    {
        if (items.Count == 0)
        {
            _result.Append("[]");
            return;
        }
        budget.Enter();
        _result.Append('[');
        for (var i = 0; i < items.Count; i++)
        {
            if (i > 0) _result.Append(itemSeparator);
            NewLine(level + 1);
            Append(items[i], level + 1);
        }
        NewLine(level);
        _result.Append(']');
        budget.Leave();
    }

    private void AppendDict(PythonDict dict, int level)
    {
        if (dict.Count == 0)
        {
            _result.Append("{}");
            return;
        }
        budget.Enter();
        _result.Append('{');
        var first = true;
        foreach (var (key, value) in Entries(dict))
        {
            if (!first) _result.Append(itemSeparator);
            first = false;
            NewLine(level + 1);
            AppendText(Key(key));
            _result.Append(keySeparator);
            Append(value, level + 1);
        }
        NewLine(level);
        _result.Append('}');
        budget.Leave();
    }

    private IEnumerable<(object? Key, object? Value)> Entries(PythonDict dict)
    {
        if (!sortKeys) return dict.Entries.Select(entry => (entry.Key, entry.Value));
        var keys = PythonOrder.Sort([.. dict.Entries.Select(entry => entry.Key)], key => key, false, budget);
        return keys.Select(key => dict.TryGet(key, budget, out var value) ? (key, value) : (key, null));
    }

    private static string Key(object? key) => key switch
    {
        string text => text,
        Markup markup => markup.Text,
        null or bool or long or BigInteger or double => Scalar(key),
        _ => throw PythonTypes.TypeError($"keys must be str, int, float, bool or None, not {PythonTypes.NameOf(key)}"),
    };

    private void NewLine(int level)
    {
        if (indent is null) return;
        _result.Append('\n');
        budget.CheckLength(_result.Length + (long)indent.Length * level);
        for (var i = 0; i < level; i++) _result.Append(indent);
    }

    private void AppendText(string text)
    {
        budget.Charge(text.Length >> 5);
        _result.Append('"');
        var start = 0;
        for (var i = 0; i < text.Length; i++)
        {
            var c = text[i];
            if (c >= ' ' && c != '"' && c != '\\' && (!ensureAscii || c < '\x7f')) continue;
            _result.Append(text, start, i - start);
            start = i + 1;
            _result.Append(c switch
            {
                '"' => "\\\"",
                '\\' => "\\\\",
                '\n' => "\\n",
                '\r' => "\\r",
                '\t' => "\\t",
                '\b' => "\\b",
                '\f' => "\\f",
                _ => "\\u" + ((int)c).ToString("x4", CultureInfo.InvariantCulture),
            });
        }
        _result.Append(text, start, text.Length - start).Append('"');
    }
}
