namespace SglNative.Tokenizers.ChatTemplates.Execution;

/// <summary>The variable <c>self</c>, whose items are the blocks of the template.</summary>
internal sealed class TemplateReference(IReadOnlyDictionary<string, BlockReference> blocks)
{
    public IReadOnlyDictionary<string, BlockReference> Blocks { get; } = blocks;
}
