using System.Collections.Immutable;

namespace SglNative.Engine.Configuration.Flags;

/// <summary>
/// A row of the flag table: names, kind of value, default, help and what the engine makes of it. Rows are written with the static
/// makers here and the methods of <see cref="Flag{T}"/>.
/// </summary>
public abstract partial record Flag
{
    private protected Flag(string name, FlagArity arity, string placeholder, string help)
    {
        Name = name;
        Arity = arity;
        Placeholder = placeholder;
        Help = help;
    }

    /// <summary>The full name, leading dashes included.</summary>
    public string Name { get; }

    /// <summary>Other names that mean the same.</summary>
    public ImmutableArray<string> Aliases { get; init; } = [];

    /// <summary>The name and then the aliases.</summary>
    public IEnumerable<string> Names => [Name, .. Aliases];

    /// <summary>How many words follow.</summary>
    public FlagArity Arity { get; }

    /// <summary>What stands for the value in the help: INT, TEXT, FILE …</summary>
    public string Placeholder { get; init; }

    /// <summary>One line that says what the flag is for.</summary>
    public string Help { get; }

    /// <summary>The only words allowed as a value; empty where any is.</summary>
    public ImmutableArray<string> Choices { get; init; } = [];

    /// <summary>What the engine makes of it, the first rule that applies; none applying means that it works.</summary>
    public ImmutableArray<FlagRule> Rules { get; init; } = [];

    /// <summary>True for a flag that SGLang does not have.</summary>
    public bool IsOwn { get; init; }

    /// <summary>True for a flag that SGLang still accepts but advises against.</summary>
    public bool IsDeprecated { get; init; }

    /// <summary>Whether something in this program reads the value: a property of <see cref="ServerArgs"/> or a command.</summary>
    public abstract bool IsRead { get; }

    /// <summary>The default as the help shows it.</summary>
    public abstract string DefaultText { get; }

    /// <summary>The verdict on a use of this flag; null for "works", which needs no word. A flag given its default always works.</summary>
    public FlagRule? Judge(FlagUse use)
    {
        if (IsDefault(use.Given.Value)) return null;
        var rule = Rules.FirstOrDefault(rule => rule.When.Holds(use));
        return rule is null or { Support: FlagSupport.Works } ? null : rule;
    }

    /// <summary>Reads the words of a value.</summary>
    /// <exception cref="FormatException">They are not of this flag's kind; the message says what is expected.</exception>
    internal abstract object? Read(IReadOnlyList<string> words);

    internal abstract bool IsDefault(object? value);

    internal abstract ServerArgs Apply(ServerArgs args, object? value);
}
