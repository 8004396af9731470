namespace SglNative.Tokenizers.ChatTemplates.Compilation;

/// <summary>A place for a value: a slot in the activation of a function.</summary>
internal sealed class Variable(FunctionLayout function, int slot, string name)
{
    public FunctionLayout Function { get; } = function;
    public int Slot { get; } = slot;
    public string Name { get; } = name;
}
