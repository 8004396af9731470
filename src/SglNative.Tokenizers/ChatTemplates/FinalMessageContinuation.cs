using SglNative.Tokenizers.ChatTemplates.Text;
using SglNative.Tokenizers.ChatTemplates.Values;

namespace SglNative.Tokenizers.ChatTemplates;

/// <summary>
/// Renders a conversation so that it ends within its last message: a mark is put behind that message's text, and the rendered
/// text is cut where the mark shows up.
/// </summary>
internal static class FinalMessageContinuation
{
    private const string Tag = "CONTINUE_FINAL_MESSAGE_TAG ";
    private const string TrimmedTag = "CONTINUE_FINAL_MESSAGE_TAG";

    /// <summary>Puts the mark behind the last text of the last message, and returns the messages so marked and that text.</summary>
    public static (PythonList Messages, string FinalText) Mark(PythonList messages, RenderBudget budget)
    {
        if (messages.Items.Count == 0) throw Error("continue_final_message is set but there is no message to continue");
        if (messages.Items[^1] is not PythonDict message || !message.TryGet("content", out var content))
            throw Error("continue_final_message is set but the final message has no content");
        var (marked, text) = content switch
        {
            string whole => (whole + Tag, whole),
            PythonList parts => MarkParts(parts, budget),
            _ => throw Error("continue_final_message is set but the final message's content is neither text nor a list of parts"),
        };
        return (new PythonList([.. messages.Items[..^1], With(message, "content", marked, budget)]), text);
    }

    /// <summary>Cuts the rendered text where the final message ends.</summary>
    public static string Cut(string rendered, string finalText)
    {
        var tag = rendered.LastIndexOf(TrimmedTag, StringComparison.Ordinal);
        if (tag < 0 || !rendered.Contains(finalText.AsSpan().Trim(PythonText.Spaces).ToString(), StringComparison.Ordinal))
            throw Error(
                "continue_final_message is set but the final message does not appear in the chat after applying the chat template! "
                + "This can happen if the chat template deletes portions of the final message.");
        // A template that trims the message has eaten the mark's blank: then the text before it has to lose its blanks too.
        return string.CompareOrdinal(rendered, tag, Tag, 0, Tag.Length) == 0
            ? rendered[..tag]
            : rendered.AsSpan(0, tag).TrimEnd(PythonText.Spaces).ToString();
    }

    private static (object? Marked, string Text) MarkParts(PythonList parts, RenderBudget budget)
    {
        for (var i = parts.Items.Count - 1; i >= 0; i--)
        {
            if (parts.Items[i] is not PythonDict part || !part.TryGet("text", out var value)) continue;
            if (value is not string text) throw Error("continue_final_message is set but the final message's text is no string");
            var items = new List<object?>(parts.Items) { [i] = With(part, "text", text + Tag, budget) };
            return (new PythonList(items), text);
        }
        throw Error("continue_final_message is set but we could not find any text to continue in the final message!");
    }

    private static PythonDict With(PythonDict dict, string key, object? value, RenderBudget budget)
    {
        var copy = Builtins.DictMethods.Copy(dict, budget);
        copy.Set(key, value, budget);
        return copy;
    }

    private static ChatTemplateException Error(string message) => ChatTemplateRequest.Error(message);
}
