namespace SglNative.Tokenizers.ChatTemplates.Syntax;

/// <summary>An expression.</summary>
internal abstract class Expression : Node
{
    /// <summary>The name of this kind of expression in messages.</summary>
    public virtual string Kind => GetType().Name.ToLowerInvariant();
}

/// <summary>Whether a name is read, assigned, or declared as a parameter.</summary>
internal enum NameUse
{
    Load,
    Store,
    Parameter,
}

internal sealed class Const(object? value) : Expression
{
    public object? Value { get; } = value;
    public override IEnumerable<Node> Children => [];
}

/// <summary>Text between tags.</summary>
internal sealed class TemplateData(string text) : Expression
{
    public string Text { get; } = text;
    public override IEnumerable<Node> Children => [];
}

internal sealed class Name(string identifier, NameUse use) : Expression
{
    public string Identifier { get; } = identifier;
    public NameUse Use { get; set; } = use;
    public override IEnumerable<Node> Children => [];
}

/// <summary>The target <c>ns.attribute</c> of an assignment.</summary>
internal sealed class NamespaceReference(string identifier, string attribute) : Expression
{
    public string Identifier { get; } = identifier;
    public string Attribute { get; } = attribute;
    public override IEnumerable<Node> Children => [];
}

internal sealed class TupleExpression(List<Expression> items) : Expression
{
    public List<Expression> Items { get; } = items;
    public override string Kind => "tuple";
    public override IEnumerable<Node> Children => Items;
}

internal sealed class ListExpression(List<Expression> items) : Expression
{
    public List<Expression> Items { get; } = items;
    public override string Kind => "list";
    public override IEnumerable<Node> Children => Items;
}

internal sealed class DictExpression(List<(Expression Key, Expression Value)> items) : Expression
{
    public List<(Expression Key, Expression Value)> Items { get; } = items;
    public override string Kind => "dict";
    public override IEnumerable<Node> Children => Items.SelectMany(item => new Node[] { item.Key, item.Value });
}

internal sealed class Conditional(Expression test, Expression then, Expression? otherwise) : Expression
{
    public Expression Test { get; } = test;
    public Expression Then { get; } = then;
    public Expression? Otherwise { get; } = otherwise;
    public override string Kind => "condexpr";
    public override IEnumerable<Node> Children => Otherwise is null ? [Test, Then] : [Test, Then, Otherwise];
}

/// <summary>An arithmetic operation, or <c>and</c> / <c>or</c>.</summary>
internal sealed class Binary(BinaryOperator op, Expression left, Expression right) : Expression
{
    public BinaryOperator Operator { get; } = op;
    public Expression Left { get; } = left;
    public Expression Right { get; } = right;
    public override string Kind => Operator.ToString().ToLowerInvariant();
    public override IEnumerable<Node> Children => [Left, Right];
}

internal enum BinaryOperator
{
    Add,
    Sub,
    Mul,
    Div,
    FloorDiv,
    Mod,
    Pow,
    And,
    Or,
}

internal sealed class Unary(UnaryOperator op, Expression operand) : Expression
{
    public UnaryOperator Operator { get; } = op;
    public Expression Operand { get; } = operand;
    public override string Kind => Operator.ToString().ToLowerInvariant();
    public override IEnumerable<Node> Children => [Operand];
}

internal enum UnaryOperator
{
    Not,
    Neg,
    Pos,
}

/// <summary>A chain of comparisons: <c>a &lt; b &lt;= c</c>.</summary>
internal sealed class Compare(Expression first, List<(CompareOperator Operator, Expression Operand)> rest) : Expression
{
    public Expression First { get; } = first;
    public List<(CompareOperator Operator, Expression Operand)> Rest { get; } = rest;
    public override IEnumerable<Node> Children => Rest.Select(item => (Node)item.Operand).Prepend(First);
}

internal enum CompareOperator
{
    Equal,
    NotEqual,
    Less,
    LessOrEqual,
    Greater,
    GreaterOrEqual,
    In,
    NotIn,
}

internal sealed class Concat(List<Expression> items) : Expression
{
    public List<Expression> Items { get; } = items;
    public override IEnumerable<Node> Children => Items;
}

internal sealed class GetAttribute(Expression target, string attribute) : Expression
{
    public Expression Target { get; } = target;
    public string Attribute { get; } = attribute;
    public override string Kind => "getattr";
    public override IEnumerable<Node> Children => [Target];
}

internal sealed class GetItem(Expression target, Expression key) : Expression
{
    public Expression Target { get; } = target;
    public Expression Key { get; } = key;
    public override IEnumerable<Node> Children => [Target, Key];
}

internal sealed class Slice(Expression? start, Expression? stop, Expression? step) : Expression
{
    public Expression? Start { get; } = start;
    public Expression? Stop { get; } = stop;
    public Expression? Step { get; } = step;
    public override IEnumerable<Node> Children => new Node?[] { Start, Stop, Step }.OfType<Node>();
}

/// <summary>The arguments of a call, a filter or a test.</summary>
internal sealed class CallArguments(
    List<Expression> positional, List<(string Name, Expression Value)> keywords, Expression? dynamicPositional, Expression? dynamicKeywords)
{
    public static CallArguments None { get; } = new([], [], null, null);

    public List<Expression> Positional { get; } = positional;
    public List<(string Name, Expression Value)> Keywords { get; } = keywords;
    public Expression? DynamicPositional { get; } = dynamicPositional;
    public Expression? DynamicKeywords { get; } = dynamicKeywords;

    public bool IsPlain => Keywords.Count == 0 && DynamicPositional is null && DynamicKeywords is null;

    public IEnumerable<Node> Nodes =>
        Positional.Concat(Keywords.Select(keyword => keyword.Value)).Concat(new[] { DynamicPositional, DynamicKeywords }.OfType<Expression>());
}

internal sealed class Call(Expression target, CallArguments arguments) : Expression
{
    public Expression Target { get; } = target;
    public CallArguments Arguments { get; } = arguments;
    public override IEnumerable<Node> Children => Arguments.Nodes.Prepend(Target);
}

/// <summary>A filter; without a target it applies to the text of the block that it stands in.</summary>
internal sealed class Filter(Expression? target, string identifier, CallArguments arguments) : Expression
{
    public Expression? Target { get; } = target;
    public string Identifier { get; } = identifier;
    public CallArguments Arguments { get; } = arguments;
    public override IEnumerable<Node> Children => Target is null ? Arguments.Nodes : Arguments.Nodes.Prepend(Target);
}

internal sealed class Test(Expression target, string identifier, CallArguments arguments) : Expression
{
    public Expression Target { get; } = target;
    public string Identifier { get; } = identifier;
    public CallArguments Arguments { get; } = arguments;
    public override IEnumerable<Node> Children => Arguments.Nodes.Prepend(Target);
}
