using SglNative.Tokenizers.ChatTemplates.Values;

namespace SglNative.Tokenizers.ChatTemplates.Execution;

/// <summary>The variables of one running function of a template (the template itself, a macro, a caller, a recursive loop, a block).</summary>
internal sealed class Activation
{
    public Activation(RenderState state, Activation? outer, int slots)
    {
        State = state;
        Outer = outer;
        Slots = new object?[slots];
        Array.Fill(Slots, Missing.Value);
    }

    public RenderState State { get; }
    public Activation? Outer { get; }
    public object?[] Slots { get; }
}
