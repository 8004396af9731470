namespace SglNative.Tokenizers.ChatTemplates.Values;

/// <summary>A value that is not there: it prints as nothing, is false and empty, and fails in any other use.</summary>
internal sealed class Undefined
{
    private readonly string? _hint;
    private readonly object? _owner;
    private readonly object? _name;
    private readonly TemplateErrorKind _kind;

    private Undefined(string? hint, object? owner, object? name, TemplateErrorKind kind)
    {
        _hint = hint;
        _owner = owner;
        _name = name;
        _kind = kind;
    }

    /// <summary>A variable that nobody has set.</summary>
    public static Undefined Variable(string name) => new(null, Missing.Value, name, TemplateErrorKind.Undefined);

    /// <summary>An attribute or an item that a value does not have.</summary>
    public static Undefined Element(object? owner, object? name) => new(null, owner, name, TemplateErrorKind.Undefined);

    /// <summary>Something absent that is best described in words.</summary>
    public static Undefined Because(string hint) => new(hint, Missing.Value, null, TemplateErrorKind.Undefined);

    /// <summary>An attribute that a template may not see.</summary>
    public static Undefined Unsafe(object? owner, string name) => new(
        $"access to attribute {Representation.ReprText(name)} of '{PythonTypes.NameOf(owner)}' object is unsafe.", owner, name, TemplateErrorKind.Security);

    public ChatTemplateException Error() => new(_kind, Message());

    private string Message()
    {
        if (_hint is not null) return _hint;
        var budget = RenderBudget.ForMessages();
        if (_owner is Missing) return $"{Representation.Repr(_name, budget)} is undefined";
        var owner = PythonTypes.Describe(_owner);
        return _name is string or Markup
            ? $"'{owner}' has no attribute {Representation.Repr(_name, budget)}"
            : $"{owner} has no element {Representation.Repr(_name, budget)}";
    }
}
