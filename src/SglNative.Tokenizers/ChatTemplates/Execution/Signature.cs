using SglNative.Tokenizers.ChatTemplates.Values;

namespace SglNative.Tokenizers.ChatTemplates.Execution;

/// <summary>
/// The parameters of a built-in function, written as "value old new count?": names in order, a question mark on what may be
/// omitted, <c>*name</c> and <c>**name</c> for the rest, and a slash in front when nothing may be passed by name.
/// </summary>
internal sealed class Signature
{
    private readonly string _function;
    private readonly string[] _names;
    private readonly int _required;
    private readonly int _plain;
    private readonly bool _positionalOnly;
    private readonly bool _collectsPositional;
    private readonly bool _collectsKeywords;

    public Signature(string function, string parameters)
    {
        _function = function;
        _positionalOnly = parameters.StartsWith('/');
        var parts = parameters.TrimStart('/').Split(' ', StringSplitOptions.RemoveEmptyEntries);
        _names = [.. parts.Select(part => part.Trim('*', '?'))];
        _collectsPositional = parts.Any(part => part.StartsWith('*') && !part.StartsWith("**", StringComparison.Ordinal));
        _collectsKeywords = parts.Any(part => part.StartsWith("**", StringComparison.Ordinal));
        _plain = parts.Count(part => !part.StartsWith('*'));
        _required = parts.Count(part => !part.StartsWith('*') && !part.EndsWith('?'));
    }

    /// <summary>One value for each parameter; <see cref="Missing"/> for what was omitted, a tuple and a dict for the rest.</summary>
    public object?[] Bind(Arguments arguments, RenderBudget budget)
    {
        var given = arguments.Positional;
        if (given.Length == _names.Length && !_collectsPositional && !_collectsKeywords && arguments.Keywords.Count == 0) return given;

        var values = new object?[_names.Length];
        Array.Fill(values, Missing.Value);
        if (given.Length > _plain && !_collectsPositional)
            throw PythonTypes.TypeError($"{_function}() takes at most {_plain} arguments ({given.Length} given)");
        Array.Copy(given, values, Math.Min(given.Length, _plain));
        if (_collectsPositional) values[_plain] = new PythonTuple(given.Length > _plain ? given[_plain..] : []);
        var rest = _collectsKeywords ? new PythonDict() : null;
        foreach (var (name, value) in arguments.Keywords) BindKeyword(values, name, value, rest, budget);
        if (rest is not null) values[^1] = rest;
        for (var i = 0; i < _required; i++)
            if (values[i] is Missing) throw PythonTypes.TypeError($"{_function}() missing a required argument: '{_names[i]}'");
        return values;
    }

    private void BindKeyword(object?[] values, string name, object? value, PythonDict? rest, RenderBudget budget)
    {
        var index = _positionalOnly ? -1 : Array.IndexOf(_names, name, 0, _plain);
        if (index >= 0)
        {
            if (values[index] is not Missing) throw PythonTypes.TypeError($"{_function}() got multiple values for argument '{name}'");
            values[index] = value;
        }
        else if (rest is not null)
        {
            rest.Set(name, value, budget);
        }
        else
        {
            throw PythonTypes.TypeError($"{_function}() got an unexpected keyword argument '{name}'");
        }
    }
}
