using SglNative.Tokenizers.ChatTemplates.Values;

namespace SglNative.Tokenizers.ChatTemplates.Execution;

/// <summary>What <c>namespace()</c> returns: the one value whose attributes a template may set.</summary>
internal sealed class NamespaceValue(PythonDict attributes)
{
    public PythonDict Attributes { get; } = attributes;
}
