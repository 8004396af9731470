namespace SglNative.Tokenizers.ChatTemplates.Execution;

/// <summary>A method together with the value it was read from.</summary>
internal sealed class BoundMethod(object? receiver, NativeFunction method)
{
    public object? Receiver { get; } = receiver;
    public string Name => method.Name;

    public object? Call(RenderState state, Arguments arguments) => method.Call(state, arguments.Prepend(Receiver));
}
