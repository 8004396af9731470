using SglNative.Tokenizers.ChatTemplates.Syntax;

namespace SglNative.Tokenizers.ChatTemplates.Compilation;

/// <summary>Whether printed values are escaped: known from the text of the template, or only when it runs.</summary>
internal enum Escaping
{
    Off,
    On,
    AtRunTime,
}

/// <summary>Where in the template the compiler is: which names are known, and what the place allows.</summary>
internal sealed class Scope
{
    private Scope(FunctionLayout function, Symbols symbols)
    {
        Function = function;
        Symbols = symbols;
    }

    public FunctionLayout Function { get; }
    public Symbols Symbols { get; }

    /// <summary>True outside of every block, but also within conditions: what is set there is seen by named blocks.</summary>
    public bool IsTopLevel { get; init; }

    /// <summary>True within conditions, where an unknown filter is an error only when it is reached.</summary>
    public bool IsSoft { get; private init; }

    /// <summary>True where a loop of the same function is open, so that break and continue have a meaning.</summary>
    public bool IsInLoop { get; init; }

    public Escaping Escaping { get; init; }

    public static Scope Root(FunctionLayout function) => new(function, new Symbols(function, null)) { IsTopLevel = true };

    public static Scope NamedBlock(FunctionLayout function) => new(function, new Symbols(function, null));

    /// <summary>A scope inside this one, in the same function.</summary>
    public Scope Inner(bool? isInLoop = null, Escaping? escaping = null) => new(Function, new Symbols(Function, Symbols))
    {
        Escaping = escaping ?? Escaping,
        IsInLoop = isInLoop ?? IsInLoop,
    };

    /// <summary>A scope inside this one that is a function of its own.</summary>
    public Scope InnerFunction() => InnerFunction(new FunctionLayout(Function));

    public Scope InnerFunction(FunctionLayout function, bool isInLoop = false) =>
        new(function, new Symbols(function, Symbols)) { Escaping = Escaping, IsInLoop = isInLoop };

    /// <summary>The branch of a condition: the same names, but less is certain.</summary>
    public Scope Soft() => new(Function, Symbols)
    {
        IsTopLevel = IsTopLevel,
        IsSoft = true,
        IsInLoop = IsInLoop,
        Escaping = Escaping,
    };

    public Variable Variable(string name, Node node) =>
        Symbols.Find(name) ?? throw TemplateSyntax.Error($"the name '{name}' cannot be used here", node.Line);
}
