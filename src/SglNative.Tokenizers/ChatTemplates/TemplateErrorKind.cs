namespace SglNative.Tokenizers.ChatTemplates;

/// <summary>What went wrong, in the classes of the reference implementation: some constructs recover from one kind and not from another.</summary>
internal enum TemplateErrorKind
{
    Runtime,
    Syntax,
    Type,
    Value,
    Lookup,
    Overflow,
    ZeroDivision,
    Undefined,
    Security,
    Raised,
    Limit,
    Input,
}
