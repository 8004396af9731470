namespace SglNative.Tokenizers.ChatTemplates.Compilation;

/// <summary>The variables of one function: the template, a macro, a caller, a loop's filter, a recursive loop, or a block.</summary>
internal sealed class FunctionLayout(FunctionLayout? outer)
{
    private readonly Dictionary<(int Level, string Name), Variable> _variables = [];
    private int _anonymous;

    /// <summary>How many functions stand around this one.</summary>
    public int Depth { get; } = outer is null ? 0 : outer.Depth + 1;

    public int SlotCount => _variables.Count + _anonymous;

    /// <summary>The variable of a name on a level of scopes; two scopes side by side share theirs, as in the reference.</summary>
    public Variable Declare(int level, string name)
    {
        if (_variables.TryGetValue((level, name), out var variable)) return variable;
        variable = new Variable(this, SlotCount, name);
        _variables.Add((level, name), variable);
        return variable;
    }

    /// <summary>A slot that no name refers to.</summary>
    public int DeclareAnonymous()
    {
        var slot = SlotCount;
        _anonymous++;
        return slot;
    }
}
