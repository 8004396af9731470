namespace SglNative.Tokenizers.ChatTemplates.Execution;

/// <summary>What <c>self.name</c> is: calling it renders the block.</summary>
internal sealed class BlockReference(string name, Func<RenderState, string> render)
{
    public string Name { get; } = name;

    public object Call(RenderState state)
    {
        var text = render(state);
        return state.Autoescape ? new Values.Markup(text) : text;
    }
}
