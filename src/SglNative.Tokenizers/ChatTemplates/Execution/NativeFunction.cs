namespace SglNative.Tokenizers.ChatTemplates.Execution;

/// <summary>What a built-in function computes from one value per parameter.</summary>
internal delegate object? NativeBody(RenderState state, object?[] arguments);

/// <summary>A built-in function, method, filter or test.</summary>
internal sealed class NativeFunction(string name, string parameters, NativeBody body, bool isType = false)
{
    private readonly Signature _signature = new(name, parameters);

    public string Name { get; } = name;

    /// <summary>True for the functions that are types in Python, such as <c>range</c> and <c>dict</c>.</summary>
    public bool IsType { get; } = isType;

    public object? Call(RenderState state, Arguments arguments)
    {
        var values = _signature.Bind(arguments, state.Budget);
        // Whatever is done with a text may read all of it.
        if (values is [string { Length: > 64 } text, ..]) state.Budget.Charge(text.Length >> 6);
        return body(state, values);
    }
}
