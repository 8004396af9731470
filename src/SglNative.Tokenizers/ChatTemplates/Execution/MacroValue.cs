using SglNative.Tokenizers.ChatTemplates.Values;

namespace SglNative.Tokenizers.ChatTemplates.Execution;

/// <summary>A macro, or the caller of a call block, with the variables that were around where it was defined.</summary>
internal sealed class MacroValue(MacroCode code, Activation outer)
{
    public string? Name => code.Name;
    public string[] Parameters => code.Parameters;
    public bool CatchesKeywords => code.KeywordsSlot >= 0;
    public bool CatchesPositional => code.PositionalSlot >= 0;
    public bool AccessesCaller => code.AccessesCaller;
    public bool HasExplicitCaller => Array.IndexOf(code.Parameters, "caller") >= 0;

    public object Call(RenderState state, Arguments arguments)
    {
        var activation = new Activation(state, outer, code.SlotCount());
        Bind(activation, arguments);
        var line = state.Line;
        state.Budget.EnterCall();
        var buffer = state.BeginBuffer();
        code.Enter(activation);
        FillDefaults(activation);
        code.Body(activation);
        var text = state.EndBuffer(buffer);
        state.Budget.LeaveCall();
        state.Line = line;
        return state.Autoescape ? new Markup(text) : text;
    }

    private void Bind(Activation activation, Arguments arguments)
    {
        var slots = activation.Slots;
        var positional = arguments.Positional;
        var used = Math.Min(positional.Length, Parameters.Length);
        for (var i = 0; i < used; i++) slots[code.ParameterSlots[i]] = positional[i];

        var keywords = new List<KeyValuePair<string, object?>>(arguments.Keywords);
        for (var i = used; i < Parameters.Length; i++)
            if (TryTake(keywords, Parameters[i], out var value)) slots[code.ParameterSlots[i]] = value;
        if (code.CallerSlot >= 0)
        {
            var hasCaller = TryTake(keywords, "caller", out var caller) && caller is not null;
            slots[code.CallerSlot] = hasCaller ? caller : Undefined.Because("No caller defined");
        }

        if (CatchesKeywords) slots[code.KeywordsSlot] = ToDict(keywords, activation.State.Budget);
        else if (keywords.Count > 0) throw UnexpectedKeyword(keywords);
        if (CatchesPositional) slots[code.PositionalSlot] = new PythonTuple(positional[used..]);
        else if (positional.Length > used)
            throw PythonTypes.TypeError($"macro {DescribeName()} takes not more than {Parameters.Length} argument(s)");
    }

    private void FillDefaults(Activation activation)
    {
        for (var i = 0; i < Parameters.Length; i++)
        {
            ref var slot = ref activation.Slots[code.ParameterSlots[i]];
            if (slot is not Missing) continue;
            var value = code.Defaults[i] is { } evaluate
                ? evaluate(activation)
                : Undefined.Because($"parameter '{Parameters[i]}' was not provided");
            activation.Slots[code.ParameterSlots[i]] = value;
        }
    }

    private static bool TryTake(List<KeyValuePair<string, object?>> keywords, string name, out object? value)
    {
        var index = keywords.FindIndex(keyword => keyword.Key == name);
        value = index < 0 ? null : keywords[index].Value;
        if (index >= 0) keywords.RemoveAt(index);
        return index >= 0;
    }

    private static PythonDict ToDict(List<KeyValuePair<string, object?>> keywords, RenderBudget budget)
    {
        var dict = new PythonDict();
        foreach (var (name, value) in keywords) dict.Set(name, value, budget);
        return dict;
    }

    private ChatTemplateException UnexpectedKeyword(List<KeyValuePair<string, object?>> keywords) => PythonTypes.TypeError(
        keywords.Exists(keyword => keyword.Key == "caller")
            ? $"macro {DescribeName()} was invoked with two values for the special caller argument. This is most likely a bug."
            : $"macro {DescribeName()} takes no keyword argument '{keywords[0].Key}'");

    private string DescribeName() => Name is null ? "None" : $"'{Name}'";
}
