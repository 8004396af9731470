using System.Globalization;
using System.Numerics;
using System.Text.Json;
using SglNative.Tokenizers.ChatTemplates.Values;

namespace SglNative.Tokenizers.ChatTemplates.Execution;

/// <summary>JSON as the values of a template, as Python's <c>json.loads</c> reads it.</summary>
internal static class JsonValues
{
    public static object? Convert(JsonElement element, RenderBudget budget)
    {
        switch (element.ValueKind)
        {
            case JsonValueKind.String:
                try
                {
                    return element.GetString();
                }
                catch (InvalidOperationException e)
                {
                    throw new ChatTemplateException("the chat template's input holds a string with half a surrogate pair", e);
                }
            case JsonValueKind.Number:
                return Number(element);
            case JsonValueKind.True:
                return PythonBoolean.True;
            case JsonValueKind.False:
                return PythonBoolean.False;
            case JsonValueKind.Array:
                budget.Enter();
                var items = new List<object?>(element.GetArrayLength());
                foreach (var item in element.EnumerateArray()) items.Add(Convert(item, budget));
                budget.Leave();
                return new PythonList(items);
            case JsonValueKind.Object:
                budget.Enter();
                var dict = new PythonDict();
                foreach (var member in element.EnumerateObject()) dict.Set(member.Name, Convert(member.Value, budget), budget);
                budget.Leave();
                return dict;
            default:
                return null;
        }
    }

    private static object Number(JsonElement element)
    {
        if (element.TryGetInt64(out var small)) return PythonInteger.Box(small);
        var text = element.GetRawText();
        if (text.AsSpan().IndexOfAny(".eE") >= 0) return double.Parse(text, NumberStyles.Float, CultureInfo.InvariantCulture);
        if (text.Length > PythonInteger.MaxDigits)
            throw ChatTemplateRequest.Error($"the chat template's input holds an integer of {text.Length} digits; at most {PythonInteger.MaxDigits} are possible");
        return PythonInteger.Normalize(BigInteger.Parse(text, CultureInfo.InvariantCulture));
    }
}
