namespace SglNative.Tokenizers.ChatTemplates.Syntax;

/// <summary>A statement.</summary>
internal abstract class Statement : Node;

/// <summary>The whole template.</summary>
internal sealed class TemplateNode(List<Node> body) : Statement
{
    public List<Node> Body { get; } = body;
    public override IEnumerable<Node> Children => Body;
}

/// <summary>Text and printed expressions in a row.</summary>
internal sealed class Output(List<Expression> items) : Statement
{
    public List<Expression> Items { get; } = items;
    public override IEnumerable<Node> Children => Items;
}

internal sealed class For(Expression target, Expression iterable, List<Node> body, List<Node> otherwise, Expression? test, bool recursive) : Statement
{
    public Expression Target { get; } = target;
    public Expression Iterable { get; } = iterable;
    public List<Node> Body { get; } = body;
    public List<Node> Otherwise { get; } = otherwise;
    public Expression? Test { get; } = test;
    public bool Recursive { get; } = recursive;

    public override IEnumerable<Node> Children =>
        new Node[] { Target, Iterable }.Concat(Body).Concat(Otherwise).Concat(Test is null ? [] : [Test]);
}

internal sealed class If(Expression test, List<Node> body, List<If> elseIfs, List<Node> otherwise) : Statement
{
    public Expression Test { get; } = test;
    public List<Node> Body { get; } = body;
    public List<If> ElseIfs { get; } = elseIfs;
    public List<Node> Otherwise { get; } = otherwise;
    public override IEnumerable<Node> Children => Body.Prepend(Test).Concat(ElseIfs).Concat(Otherwise);
}

/// <summary>The parameters and the body of a macro or of the caller of a call block.</summary>
internal sealed class MacroDefinition(List<Name> parameters, List<Expression> defaults, List<Node> body)
{
    public List<Name> Parameters { get; } = parameters;
    public List<Expression> Defaults { get; } = defaults;
    public List<Node> Body { get; } = body;
    public IEnumerable<Node> Nodes => Parameters.Concat<Node>(Defaults).Concat(Body);
}

internal sealed class Macro(string identifier, MacroDefinition definition) : Statement
{
    public string Identifier { get; } = identifier;
    public MacroDefinition Definition { get; } = definition;
    public override IEnumerable<Node> Children => Definition.Nodes;
}

/// <summary>A call block; without a call it is <c>{% generation %}</c>, which prints its body in a scope of its own.</summary>
internal sealed class CallBlock(Call? call, MacroDefinition definition) : Statement
{
    public Call? Call { get; } = call;
    public MacroDefinition Definition { get; } = definition;
    public override IEnumerable<Node> Children => Call is null ? Definition.Nodes : Definition.Nodes.Prepend(Call);
}

internal sealed class FilterBlock(Filter filter, List<Node> body) : Statement
{
    public Filter Filter { get; } = filter;
    public List<Node> Body { get; } = body;
    public override IEnumerable<Node> Children => Body.Append(Filter);
}

internal sealed class With(List<Expression> targets, List<Expression> values, List<Node> body) : Statement
{
    public List<Expression> Targets { get; } = targets;
    public List<Expression> Values { get; } = values;
    public List<Node> Body { get; } = body;
    public override IEnumerable<Node> Children => Targets.Concat<Node>(Values).Concat(Body);
}

internal sealed class Set(Expression target, Expression value) : Statement
{
    public Expression Target { get; } = target;
    public Expression Value { get; } = value;
    public override IEnumerable<Node> Children => [Target, Value];
}

internal sealed class SetBlock(Expression target, Filter? filter, List<Node> body) : Statement
{
    public Expression Target { get; } = target;
    public Filter? Filter { get; } = filter;
    public List<Node> Body { get; } = body;
    public override IEnumerable<Node> Children => (Filter is null ? new Node[] { Target } : [Target, Filter]).Concat(Body);
}

internal sealed class Block(string identifier, bool scoped, bool required, List<Node> body) : Statement
{
    public string Identifier { get; } = identifier;
    public bool Scoped { get; } = scoped;
    public bool Required { get; } = required;
    public List<Node> Body { get; } = body;
    public override IEnumerable<Node> Children => Body;
}

/// <summary><c>{% autoescape %}</c>: a scope in which printed values are escaped, or not.</summary>
internal sealed class Autoescape(Expression enabled, List<Node> body) : Statement
{
    public Expression Enabled { get; } = enabled;
    public List<Node> Body { get; } = body;
    public override IEnumerable<Node> Children => Body.Prepend(Enabled);
}

/// <summary><c>include</c>, <c>import</c>, <c>from … import</c> or <c>extends</c>: there is nothing to load from, so it fails when reached.</summary>
internal sealed class LoadTemplate(string keyword, Expression template, List<Name> targets) : Statement
{
    public string Keyword { get; } = keyword;
    public Expression Template { get; } = template;
    public List<Name> Targets { get; } = targets;
    public override IEnumerable<Node> Children => Targets.Prepend<Node>(Template);
}

internal sealed class Break : Statement
{
    public override IEnumerable<Node> Children => [];
}

internal sealed class Continue : Statement
{
    public override IEnumerable<Node> Children => [];
}
