using System.Numerics;
using SglNative.Tokenizers.ChatTemplates.Execution;

namespace SglNative.Tokenizers.ChatTemplates.Values;

/// <summary>The Python names of the types of values, as error messages and printed functions show them.</summary>
internal static class PythonTypes
{
    public static string NameOf(object? value) => value switch
    {
        null => "NoneType",
        bool => "bool",
        long or BigInteger => "int",
        double => "float",
        string => "str",
        Markup => "Markup",
        PythonList => "list",
        PythonTuple { IsGroup: true } => "_GroupTuple",
        PythonTuple => "tuple",
        PythonDict => "dict",
        PythonRange => "range",
        DictView { Kind: DictViewKind.Keys } => "dict_keys",
        DictView { Kind: DictViewKind.Values } => "dict_values",
        DictView => "dict_items",
        PythonIterator iterator => iterator.TypeName,
        Undefined => "Undefined",
        NamespaceValue => "Namespace",
        LoopContext => "LoopContext",
        MacroValue => "Macro",
        Cycler => "Cycler",
        Joiner => "Joiner",
        NativeFunction { IsType: true } => "type",
        NativeFunction => "function",
        BoundMethod => "builtin_function_or_method",
        BlockReference => "BlockReference",
        TemplateReference => "TemplateReference",
        _ => "object",
    };

    /// <summary>The value's type as messages about missing attributes name it.</summary>
    public static string Describe(object? value) => value switch
    {
        null => "None",
        Markup => "markupsafe.Markup object",
        PythonTuple { IsGroup: true } => "jinja2.filters._GroupTuple object",
        NamespaceValue or Cycler or Joiner => $"jinja2.utils.{NameOf(value)} object",
        LoopContext or MacroValue or Undefined or BlockReference or TemplateReference => $"jinja2.runtime.{NameOf(value)} object",
        _ => $"{NameOf(value)} object",
    };

    public static ChatTemplateException TypeError(string message) => new(TemplateErrorKind.Type, message);

    public static ChatTemplateException ValueError(string message) => new(TemplateErrorKind.Value, message);
}
