using System.Runtime.CompilerServices;

namespace SglNative.Tokenizers.ChatTemplates.Syntax;

/// <summary>Parses expressions, from conditional expressions down to primary ones.</summary>
internal sealed class ExpressionParser(TokenStream stream)
{
    private const int MaxDepth = 100;

    private int _depth;

    public Expression ParseExpression(bool withConditional = true)
    {
        if (++_depth > MaxDepth || !RuntimeHelpers.TryEnsureSufficientExecutionStack()) throw Fail("the expression nests too deeply");
        var expression = withConditional ? ParseConditional() : ParseOr();
        _depth--;
        return expression;
    }

    /// <summary>An expression, or several with commas between them, which make a tuple.</summary>
    public Expression ParseTuple(
        bool simplified = false,
        bool withConditional = true,
        string? endName = null,
        bool explicitParentheses = false,
        bool withNamespace = false)
    {
        var line = stream.Current.Line;
        var items = new List<Expression>();
        var isTuple = false;
        while (true)
        {
            if (items.Count > 0) stream.Expect(TokenKind.Comma, ",");
            if (IsTupleEnd(endName)) break;
            items.Add(simplified ? ParsePrimary(withNamespace) : ParseExpression(withConditional));
            if (stream.Current.Kind != TokenKind.Comma) break;
            isTuple = true;
            line = stream.Current.Line;
        }
        if (isTuple) return new TupleExpression(items) { Line = line };
        if (items.Count > 0) return items[0];
        if (!explicitParentheses) throw Fail($"Expected an expression, got '{stream.Current.Describe()}'");
        return new TupleExpression(items) { Line = line };
    }

    /// <summary>A name, a tuple of names, or (where allowed) an attribute of a namespace, as the target of an assignment.</summary>
    public Expression ParseAssignmentTarget(string? endName = null, bool withNamespace = false)
    {
        var target = ParseTuple(simplified: true, endName: endName, withNamespace: withNamespace);
        SetUse(target, NameUse.Store);
        if (!CanAssign(target)) throw TemplateSyntax.Error($"can't assign to '{target.Kind}'", target.Line);
        return target;
    }

    public Name ParseTargetName(NameUse use = NameUse.Store)
    {
        var token = stream.Expect(TokenKind.Name, "name");
        var name = new Name(token.Text, use) { Line = token.Line };
        if (!CanAssign(name)) throw TemplateSyntax.Error($"can't assign to '{name.Kind}'", name.Line);
        return name;
    }

    public static void SetUse(Expression target, NameUse use)
    {
        if (target is Name name) name.Use = use;
        else if (target is TupleExpression tuple)
            foreach (var item in tuple.Items) SetUse(item, use);
    }

    /// <summary>A chain of filters; it starts without a pipe where <paramref name="startInline"/> says so.</summary>
    public Filter? ParseFilters(Expression? target, bool startInline = false)
    {
        Filter? filter = null;
        while (startInline || stream.Current.Kind == TokenKind.Pipe)
        {
            if (!startInline) stream.Next();
            startInline = false;
            var line = stream.Current.Line;
            var name = ParseDottedName();
            var arguments = stream.Current.Kind == TokenKind.LeftParenthesis ? ParseArguments() : CallArguments.None;
            target = filter = new Filter(target, name, arguments) { Line = line };
        }
        return filter;
    }

    private static bool CanAssign(Expression target) => target switch
    {
        Name name => name.Identifier is not ("true" or "false" or "none" or "True" or "False" or "None"),
        NamespaceReference => true,
        TupleExpression tuple => tuple.Items.TrueForAll(CanAssign),
        _ => false,
    };

    private bool IsTupleEnd(string? endName) =>
        stream.Current.Kind is TokenKind.VariableEnd or TokenKind.BlockEnd or TokenKind.RightParenthesis
        || endName is not null && stream.Current.IsName(endName);

    private Expression ParseConditional()
    {
        var line = stream.Current.Line;
        var expression = ParseOr();
        while (stream.SkipIfName("if"))
        {
            var test = ParseOr();
            var otherwise = stream.SkipIfName("else") ? ParseExpression() : null;
            expression = new Conditional(test, expression, otherwise) { Line = line };
            line = stream.Current.Line;
        }
        return expression;
    }

    private Expression ParseOr()
    {
        var line = stream.Current.Line;
        var left = ParseAnd();
        while (stream.SkipIfName("or"))
        {
            left = new Binary(BinaryOperator.Or, left, ParseAnd()) { Line = line };
            line = stream.Current.Line;
        }
        return left;
    }

    private Expression ParseAnd()
    {
        var line = stream.Current.Line;
        var left = ParseNot();
        while (stream.SkipIfName("and"))
        {
            left = new Binary(BinaryOperator.And, left, ParseNot()) { Line = line };
            line = stream.Current.Line;
        }
        return left;
    }

    private Expression ParseNot()
    {
        if (!stream.Current.IsName("not")) return ParseCompare();
        var line = stream.Next().Line;
        return new Unary(UnaryOperator.Not, Nested(ParseNot)) { Line = line };
    }

    private Expression ParseCompare()
    {
        var line = stream.Current.Line;
        var first = ParseSum();
        var rest = new List<(CompareOperator, Expression)>();
        while (TryParseCompareOperator(out var op))
        {
            rest.Add((op, ParseSum()));
            line = stream.Current.Line;
        }
        return rest.Count == 0 ? first : new Compare(first, rest) { Line = line };
    }

    private bool TryParseCompareOperator(out CompareOperator op)
    {
        CompareOperator? found = stream.Current.Kind switch
        {
            TokenKind.Equal => CompareOperator.Equal,
            TokenKind.NotEqual => CompareOperator.NotEqual,
            TokenKind.Less => CompareOperator.Less,
            TokenKind.LessOrEqual => CompareOperator.LessOrEqual,
            TokenKind.Greater => CompareOperator.Greater,
            TokenKind.GreaterOrEqual => CompareOperator.GreaterOrEqual,
            TokenKind.Name when stream.Current.Text == "in" => CompareOperator.In,
            TokenKind.Name when stream.Current.Text == "not" && stream.Ahead.IsName("in") => CompareOperator.NotIn,
            _ => null,
        };
        op = found.GetValueOrDefault();
        if (found is null) return false;
        stream.Next();
        if (op == CompareOperator.NotIn) stream.Next();
        return true;
    }

    private Expression ParseSum()
    {
        var line = stream.Current.Line;
        var left = ParseConcat();
        while (stream.Current.Kind is TokenKind.Add or TokenKind.Sub)
        {
            var op = stream.Next().Kind == TokenKind.Add ? BinaryOperator.Add : BinaryOperator.Sub;
            left = new Binary(op, left, ParseConcat()) { Line = line };
            line = stream.Current.Line;
        }
        return left;
    }

    private Expression ParseConcat()
    {
        var line = stream.Current.Line;
        var first = ParseProduct();
        if (stream.Current.Kind != TokenKind.Tilde) return first;
        var items = new List<Expression> { first };
        while (stream.SkipIf(TokenKind.Tilde)) items.Add(ParseProduct());
        return new Concat(items) { Line = line };
    }

    private Expression ParseProduct()
    {
        var line = stream.Current.Line;
        var left = ParsePower();
        while (stream.Current.Kind is TokenKind.Mul or TokenKind.Div or TokenKind.FloorDiv or TokenKind.Mod)
        {
            var op = stream.Next().Kind switch
            {
                TokenKind.Mul => BinaryOperator.Mul,
                TokenKind.Div => BinaryOperator.Div,
                TokenKind.FloorDiv => BinaryOperator.FloorDiv,
                _ => BinaryOperator.Mod,
            };
            left = new Binary(op, left, ParsePower()) { Line = line };
            line = stream.Current.Line;
        }
        return left;
    }

    private Expression ParsePower()
    {
        var line = stream.Current.Line;
        var left = ParseUnary(withFilter: true);
        while (stream.SkipIf(TokenKind.Pow))
        {
            left = new Binary(BinaryOperator.Pow, left, ParseUnary(withFilter: true)) { Line = line };
            line = stream.Current.Line;
        }
        return left;
    }

    private Expression ParseUnary(bool withFilter)
    {
        var token = stream.Current;
        Expression node;
        if (token.Kind is TokenKind.Sub or TokenKind.Add)
        {
            stream.Next();
            var op = token.Kind == TokenKind.Sub ? UnaryOperator.Neg : UnaryOperator.Pos;
            node = new Unary(op, Nested(() => ParseUnary(withFilter: false))) { Line = token.Line };
        }
        else
        {
            node = ParsePrimary(withNamespace: false);
        }
        node = ParsePostfix(node);
        return withFilter ? ParseFilterExpression(node) : node;
    }

    private Expression Nested(Func<Expression> parse)
    {
        if (++_depth > MaxDepth) throw Fail("the expression nests too deeply");
        var expression = parse();
        _depth--;
        return expression;
    }

    private Expression ParsePrimary(bool withNamespace)
    {
        var token = stream.Current;
        switch (token.Kind)
        {
            case TokenKind.Name:
                stream.Next();
                return ParseName(token, withNamespace);
            case TokenKind.String:
                var text = stream.Next().Text;
                while (stream.Current.Kind == TokenKind.String) text += stream.Next().Text;
                return new Const(text) { Line = token.Line };
            case TokenKind.Integer or TokenKind.Float:
                stream.Next();
                return new Const(token.Value) { Line = token.Line };
            case TokenKind.LeftParenthesis:
                stream.Next();
                var tuple = Nested(() => ParseTuple(explicitParentheses: true));
                stream.Expect(TokenKind.RightParenthesis, ")");
                return tuple;
            case TokenKind.LeftBracket:
                return ParseList();
            case TokenKind.LeftBrace:
                return ParseDict();
            default:
                throw TemplateSyntax.Error($"unexpected '{token.Describe()}'", token.Line);
        }
    }

    private Expression ParseName(Token token, bool withNamespace)
    {
        switch (token.Text)
        {
            case "true" or "True":
                return new Const(Values.PythonBoolean.True) { Line = token.Line };
            case "false" or "False":
                return new Const(Values.PythonBoolean.False) { Line = token.Line };
            case "none" or "None":
                return new Const(null) { Line = token.Line };
        }
        if (!withNamespace || !stream.SkipIf(TokenKind.Dot)) return new Name(token.Text, NameUse.Load) { Line = token.Line };
        return new NamespaceReference(token.Text, stream.Expect(TokenKind.Name, "name").Text) { Line = token.Line };
    }

    private ListExpression ParseList()
    {
        var line = stream.Expect(TokenKind.LeftBracket, "[").Line;
        var items = new List<Expression>();
        while (stream.Current.Kind != TokenKind.RightBracket)
        {
            if (items.Count > 0) stream.Expect(TokenKind.Comma, ",");
            if (stream.Current.Kind == TokenKind.RightBracket) break;
            items.Add(ParseExpression());
        }
        stream.Expect(TokenKind.RightBracket, "]");
        return new ListExpression(items) { Line = line };
    }

    private DictExpression ParseDict()
    {
        var line = stream.Expect(TokenKind.LeftBrace, "{").Line;
        var items = new List<(Expression, Expression)>();
        while (stream.Current.Kind != TokenKind.RightBrace)
        {
            if (items.Count > 0) stream.Expect(TokenKind.Comma, ",");
            if (stream.Current.Kind == TokenKind.RightBrace) break;
            var key = ParseExpression();
            stream.Expect(TokenKind.Colon, ":");
            items.Add((key, ParseExpression()));
        }
        stream.Expect(TokenKind.RightBrace, "}");
        return new DictExpression(items) { Line = line };
    }

    private Expression ParsePostfix(Expression node)
    {
        while (true)
        {
            if (stream.Current.Kind is TokenKind.Dot or TokenKind.LeftBracket) node = ParseSubscript(node);
            else if (stream.Current.Kind == TokenKind.LeftParenthesis) node = ParseCall(node);
            else return node;
        }
    }

    private Expression ParseFilterExpression(Expression node)
    {
        while (true)
        {
            if (stream.Current.Kind == TokenKind.Pipe) node = ParseFilters(node)!;
            else if (stream.Current.IsName("is")) node = ParseTest(node);
            else if (stream.Current.Kind == TokenKind.LeftParenthesis) node = ParseCall(node);
            else return node;
        }
    }

    private Expression ParseSubscript(Expression node)
    {
        var token = stream.Next();
        if (token.Kind == TokenKind.Dot)
        {
            var attribute = stream.Next();
            if (attribute.Kind == TokenKind.Name) return new GetAttribute(node, attribute.Text) { Line = token.Line };
            if (attribute.Kind != TokenKind.Integer) throw TemplateSyntax.Error("expected name or number", attribute.Line);
            return new GetItem(node, new Const(attribute.Value) { Line = attribute.Line }) { Line = token.Line };
        }

        var keys = new List<Expression>();
        while (stream.Current.Kind != TokenKind.RightBracket)
        {
            if (keys.Count > 0) stream.Expect(TokenKind.Comma, ",");
            keys.Add(ParseSubscribed());
        }
        stream.Expect(TokenKind.RightBracket, "]");
        var key = keys.Count == 1 ? keys[0] : new TupleExpression(keys) { Line = token.Line };
        return new GetItem(node, key) { Line = token.Line };
    }

    private Expression ParseSubscribed()
    {
        var line = stream.Current.Line;
        Expression? start = null, stop = null, step = null;
        if (stream.Current.Kind != TokenKind.Colon)
        {
            start = ParseExpression();
            if (stream.Current.Kind != TokenKind.Colon) return start;
        }
        stream.Next();
        if (stream.Current.Kind is not (TokenKind.Colon or TokenKind.RightBracket or TokenKind.Comma)) stop = ParseExpression();
        if (stream.SkipIf(TokenKind.Colon) && stream.Current.Kind is not (TokenKind.RightBracket or TokenKind.Comma)) step = ParseExpression();
        return new Slice(start, stop, step) { Line = line };
    }

    private Call ParseCall(Expression target)
    {
        var line = stream.Current.Line;
        return new Call(target, ParseArguments()) { Line = line };
    }

    private CallArguments ParseArguments()
    {
        var line = stream.Expect(TokenKind.LeftParenthesis, "(").Line;
        var positional = new List<Expression>();
        var keywords = new List<(string, Expression)>();
        Expression? dynamicPositional = null, dynamicKeywords = null;
        var first = true;
        while (stream.Current.Kind != TokenKind.RightParenthesis)
        {
            if (!first)
            {
                stream.Expect(TokenKind.Comma, ",");
                if (stream.Current.Kind == TokenKind.RightParenthesis) break;
            }
            first = false;
            if (stream.SkipIf(TokenKind.Mul))
            {
                Ensure(dynamicPositional is null && dynamicKeywords is null);
                dynamicPositional = ParseExpression();
            }
            else if (stream.SkipIf(TokenKind.Pow))
            {
                Ensure(dynamicKeywords is null);
                dynamicKeywords = ParseExpression();
            }
            else if (stream.Current.Kind == TokenKind.Name && stream.Ahead.Kind == TokenKind.Assign)
            {
                Ensure(dynamicKeywords is null);
                var name = stream.Next().Text;
                stream.Next();
                if (keywords.Exists(keyword => keyword.Item1 == name))
                    throw TemplateSyntax.Error($"keyword argument repeated: {name}", line);
                keywords.Add((name, ParseExpression()));
            }
            else
            {
                Ensure(dynamicPositional is null && dynamicKeywords is null && keywords.Count == 0);
                positional.Add(ParseExpression());
            }
        }
        stream.Expect(TokenKind.RightParenthesis, ")");
        return new CallArguments(positional, keywords, dynamicPositional, dynamicKeywords);

        void Ensure(bool condition)
        {
            if (!condition) throw TemplateSyntax.Error("invalid syntax for function call expression", line);
        }
    }

    private Expression ParseTest(Expression target)
    {
        var line = stream.Next().Line;
        var negated = stream.SkipIfName("not");
        var name = ParseDottedName();
        var arguments = CallArguments.None;
        if (stream.Current.Kind == TokenKind.LeftParenthesis)
        {
            arguments = ParseArguments();
        }
        else if (StartsTestArgument())
        {
            if (stream.Current.IsName("is")) throw Fail("You cannot chain multiple tests with is");
            arguments = new CallArguments([ParsePostfix(ParsePrimary(withNamespace: false))], [], null, null);
        }
        var test = new Test(target, name, arguments) { Line = line };
        return negated ? new Unary(UnaryOperator.Not, test) { Line = line } : test;
    }

    private bool StartsTestArgument() =>
        stream.Current.Kind is TokenKind.Name or TokenKind.String or TokenKind.Integer or TokenKind.Float
            or TokenKind.LeftParenthesis or TokenKind.LeftBracket or TokenKind.LeftBrace
        && !(stream.Current.Kind == TokenKind.Name && stream.Current.Text is "else" or "or" or "and");

    private string ParseDottedName()
    {
        var name = stream.Expect(TokenKind.Name, "name").Text;
        while (stream.SkipIf(TokenKind.Dot)) name += "." + stream.Expect(TokenKind.Name, "name").Text;
        return name;
    }

    private ChatTemplateException Fail(string message) => TemplateSyntax.Error(message, stream.Current.Line);
}
