using System.Globalization;
using System.Numerics;
using System.Text;
using SglNative.Tokenizers.ChatTemplates.Execution;
using SglNative.Tokenizers.ChatTemplates.Text;

namespace SglNative.Tokenizers.ChatTemplates.Values;

/// <summary>Values as text: Python's <c>str</c> and <c>repr</c>.</summary>
internal static class Representation
{
    public static string Str(object? value, RenderBudget budget) => value switch
    {
        string text => text,
        Markup markup => markup.Text,
        Undefined => "",
        _ => Repr(value, budget),
    };

    public static string Repr(object? value, RenderBudget budget)
    {
        switch (value)
        {
            case null: return "None";
            case bool flag: return flag ? "True" : "False";
            case long or BigInteger: return PythonInteger.ToText(value);
            case double real: return PythonReal.Repr(real);
            case string text: return ReprText(text);
            default:
                var builder = new StringBuilder();
                Append(builder, value, budget, []);
                return builder.ToString();
        }
    }

    public static string ReprText(string text)
    {
        var quote = text.Contains('\'', StringComparison.Ordinal) && !text.Contains('"', StringComparison.Ordinal) ? '"' : '\'';
        var builder = new StringBuilder(text.Length + 2).Append(quote);
        for (var i = 0; i < text.Length; i++)
        {
            var c = text[i];
            if (c == quote || c == '\\') builder.Append('\\').Append(c);
            else if (c is >= ' ' and < '\x7f') builder.Append(c);
            else i += AppendSpecial(builder, text, i);
        }
        return builder.Append(quote).ToString();
    }

    private static int AppendSpecial(StringBuilder builder, string text, int at)
    {
        var c = text[at];
        switch (c)
        {
            case '\n': builder.Append("\\n"); return 0;
            case '\r': builder.Append("\\r"); return 0;
            case '\t': builder.Append("\\t"); return 0;
        }
        if (!Rune.TryGetRuneAt(text, at, out var rune))
        {
            builder.Append(CultureInfo.InvariantCulture, $"\\u{(int)c:x4}");
            return 0;
        }
        if (PythonText.IsPrintable(rune)) builder.Append(rune.ToString());
        else if (rune.Value <= 0xFF) builder.Append(CultureInfo.InvariantCulture, $"\\x{rune.Value:x2}");
        else if (rune.Value <= 0xFFFF) builder.Append(CultureInfo.InvariantCulture, $"\\u{rune.Value:x4}");
        else builder.Append(CultureInfo.InvariantCulture, $"\\U{rune.Value:x8}");
        return rune.Utf16SequenceLength - 1;
    }

    private static void Append(StringBuilder builder, object? value, RenderBudget budget, List<object> open)
    {
        switch (value)
        {
            case PythonList list:
                AppendItems(builder, list, list.Items, "[", "]", budget, open);
                break;
            case PythonTuple tuple:
                AppendItems(builder, tuple, tuple.Items, "(", tuple.Items.Length == 1 ? ",)" : ")", budget, open);
                break;
            case PythonDict dict:
                AppendDict(builder, dict, budget, open);
                break;
            case DictView view:
                builder.Append(PythonTypes.NameOf(view));
                AppendItems(builder, view, [.. view.Items()], "([", "])", budget, open);
                break;
            case NamespaceValue ns:
                builder.Append("<Namespace ");
                AppendDict(builder, ns.Attributes, budget, open);
                builder.Append('>');
                break;
            case Undefined: builder.Append("Undefined"); break;
            case Markup markup: builder.Append("Markup(").Append(ReprText(markup.Text)).Append(')'); break;
            case PythonRange { Step: 1 } range: builder.Append(CultureInfo.InvariantCulture, $"range({range.Start}, {range.Stop})"); break;
            case PythonRange range: builder.Append(CultureInfo.InvariantCulture, $"range({range.Start}, {range.Stop}, {range.Step})"); break;
            case LoopContext loop: builder.Append(CultureInfo.InvariantCulture, $"<LoopContext {loop.Index}/{loop.Length(budget)}>"); break;
            case MacroValue { Name: null }: builder.Append("<Macro anonymous>"); break;
            case MacroValue macro: builder.Append("<Macro ").Append(ReprText(macro.Name!)).Append('>'); break;
            case NativeFunction { IsType: true } type: builder.Append("<class '").Append(type.Name).Append("'>"); break;
            case NativeFunction function: builder.Append("<function ").Append(function.Name).Append('>'); break;
            case BoundMethod method:
                builder.Append("<built-in method ").Append(method.Name).Append(" of ").Append(PythonTypes.NameOf(method.Receiver)).Append(" object>");
                break;
            case TemplateReference: builder.Append("<TemplateReference None>"); break;
            case PythonIterator or Cycler or Joiner or BlockReference: builder.Append('<').Append(PythonTypes.NameOf(value)).Append(" object>"); break;
            default: builder.Append(Repr(value, budget)); break;
        }
    }

    private static void AppendItems(
        StringBuilder builder, object container, IList<object?> items, string begin, string end, RenderBudget budget, List<object> open)
    {
        budget.Enter();
        builder.Append(begin);
        open.Add(container);
        for (var i = 0; i < items.Count; i++)
        {
            if (i > 0) builder.Append(", ");
            Append(builder, items[i], budget, open);
            budget.Step();
            if (builder.Length > 4096) budget.CheckLength(builder.Length);
        }
        open.RemoveAt(open.Count - 1);
        builder.Append(end);
        budget.Leave();
    }

    private static void AppendDict(StringBuilder builder, PythonDict dict, RenderBudget budget, List<object> open)
    {
        // Only a namespace can hold itself, and it does so through its dict.
        if (open.Contains(dict))
        {
            builder.Append("{...}");
            return;
        }
        budget.Enter();
        builder.Append('{');
        open.Add(dict);
        for (var i = 0; i < dict.Count; i++)
        {
            if (i > 0) builder.Append(", ");
            Append(builder, dict.Entries[i].Key, budget, open);
            builder.Append(": ");
            Append(builder, dict.Entries[i].Value, budget, open);
            budget.Step();
            if (builder.Length > 4096) budget.CheckLength(builder.Length);
        }
        open.RemoveAt(open.Count - 1);
        builder.Append('}');
        budget.Leave();
    }
}
