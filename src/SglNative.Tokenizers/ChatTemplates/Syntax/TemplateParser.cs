namespace SglNative.Tokenizers.ChatTemplates.Syntax;

/// <summary>Parses the statements of a template.</summary>
internal sealed class TemplateParser
{
    private const int MaxDepth = 60;

    private readonly TokenStream _stream;
    private readonly ExpressionParser _expressions;
    private readonly Stack<string> _openTags = new();
    private readonly Stack<string[]> _endTags = new();

    private TemplateParser(TokenStream stream)
    {
        _stream = stream;
        _expressions = new ExpressionParser(stream);
    }

    public static TemplateNode Parse(string source)
    {
        var parser = new TemplateParser(new TokenStream(TemplateLexer.Tokenize(source)));
        return new TemplateNode(parser.ParseBody()) { Line = 1 };
    }

    /// <summary>Text, prints and statements up to one of the end tags (which stays current) or the end of the template.</summary>
    private List<Node> ParseBody(params string[] endTags)
    {
        var body = new List<Node>();
        var output = new List<Expression>();
        while (true)
        {
            var token = _stream.Current;
            switch (token.Kind)
            {
                case TokenKind.Data:
                    _stream.Next();
                    output.Add(new TemplateData(token.Text) { Line = token.Line });
                    break;
                case TokenKind.VariableBegin:
                    _stream.Next();
                    output.Add(_expressions.ParseTuple());
                    _stream.Expect(TokenKind.VariableEnd, "end of print statement");
                    break;
                case TokenKind.BlockBegin:
                    Flush();
                    _stream.Next();
                    if (_stream.Current.Kind == TokenKind.Name && endTags.Contains(_stream.Current.Text)) return body;
                    body.Add(ParseStatement());
                    _stream.Expect(TokenKind.BlockEnd, "end of statement block");
                    break;
                default:
                    Flush();
                    return body;
            }
        }

        void Flush()
        {
            if (output.Count == 0) return;
            body.Add(new Output(output) { Line = output[0].Line });
            output = [];
        }
    }

    /// <summary>The body of a statement up to one of its end tags, whose name it consumes and returns.</summary>
    private List<Node> ParseBlock(out string endTag, params string[] endTags)
    {
        _stream.SkipIf(TokenKind.Colon);
        _stream.Expect(TokenKind.BlockEnd, "end of statement block");
        _endTags.Push(endTags);
        if (_endTags.Count > MaxDepth) throw Fail("the blocks nest too deeply");
        var body = ParseBody(endTags);
        if (_stream.Current.Kind == TokenKind.End) throw UnknownTag(null, _stream.Current.Line);
        _endTags.Pop();
        endTag = _stream.Next().Text;
        return body;
    }

    private Statement ParseStatement()
    {
        var token = _stream.Current;
        if (token.Kind != TokenKind.Name) throw TemplateSyntax.Error("tag name expected", token.Line);
        _openTags.Push(token.Text);
        Statement statement = token.Text switch
        {
            "for" => ParseFor(),
            "if" => ParseIf(),
            "set" => ParseSet(),
            "macro" => ParseMacro(),
            "call" => ParseCallBlock(),
            "filter" => ParseFilterBlock(),
            "with" => ParseWith(),
            "print" => ParsePrint(),
            "block" => ParseNamedBlock(),
            "autoescape" => ParseAutoescape(),
            "include" or "import" or "from" or "extends" => ParseLoad(),
            "generation" => ParseGeneration(),
            "break" => new Break { Line = _stream.Next().Line },
            "continue" => new Continue { Line = _stream.Next().Line },
            _ => throw UnknownStatement(token),
        };
        _openTags.Pop();
        return statement;
    }

    private For ParseFor()
    {
        var line = _stream.Next().Line;
        var target = _expressions.ParseAssignmentTarget(endName: "in");
        _stream.ExpectName("in");
        var iterable = _expressions.ParseTuple(withConditional: false, endName: "recursive");
        var test = _stream.SkipIfName("if") ? _expressions.ParseExpression() : null;
        var recursive = _stream.SkipIfName("recursive");
        var body = ParseBlock(out var endTag, "endfor", "else");
        var otherwise = endTag == "else" ? ParseBlock(out _, "endfor") : [];
        return new For(target, iterable, body, otherwise, test, recursive) { Line = line };
    }

    private If ParseIf()
    {
        var line = _stream.Next().Line;
        var test = _expressions.ParseTuple(withConditional: false);
        var body = ParseBlock(out var endTag, "elif", "else", "endif");
        var elseIfs = new List<If>();
        while (endTag == "elif")
        {
            var elseLine = _stream.Current.Line;
            var elseTest = _expressions.ParseTuple(withConditional: false);
            elseIfs.Add(new If(elseTest, ParseBlock(out endTag, "elif", "else", "endif"), [], []) { Line = elseLine });
        }
        var otherwise = endTag == "else" ? ParseBlock(out _, "endif") : [];
        return new If(test, body, elseIfs, otherwise) { Line = line };
    }

    private Statement ParseSet()
    {
        var line = _stream.Next().Line;
        var target = _expressions.ParseAssignmentTarget(withNamespace: true);
        if (_stream.SkipIf(TokenKind.Assign)) return new Set(target, _expressions.ParseTuple()) { Line = line };
        var filter = _expressions.ParseFilters(null);
        return new SetBlock(target, filter, ParseBlock(out _, "endset")) { Line = line };
    }

    private (List<Name> Parameters, List<Expression> Defaults) ParseSignature()
    {
        var parameters = new List<Name>();
        var defaults = new List<Expression>();
        _stream.Expect(TokenKind.LeftParenthesis, "(");
        while (_stream.Current.Kind != TokenKind.RightParenthesis)
        {
            if (parameters.Count > 0) _stream.Expect(TokenKind.Comma, ",");
            var parameter = _expressions.ParseTargetName(NameUse.Parameter);
            if (parameters.Exists(other => other.Identifier == parameter.Identifier))
                throw TemplateSyntax.Error($"duplicate argument '{parameter.Identifier}' in macro definition", parameter.Line);
            if (_stream.SkipIf(TokenKind.Assign)) defaults.Add(_expressions.ParseExpression());
            else if (defaults.Count > 0) throw Fail("non-default argument follows default argument");
            parameters.Add(parameter);
        }
        _stream.Expect(TokenKind.RightParenthesis, ")");
        return (parameters, defaults);
    }

    private Macro ParseMacro()
    {
        var line = _stream.Next().Line;
        var name = _expressions.ParseTargetName().Identifier;
        var (parameters, defaults) = ParseSignature();
        return new Macro(name, new MacroDefinition(parameters, defaults, ParseBlock(out _, "endmacro"))) { Line = line };
    }

    private CallBlock ParseCallBlock()
    {
        var line = _stream.Next().Line;
        var (parameters, defaults) = _stream.Current.Kind == TokenKind.LeftParenthesis ? ParseSignature() : ([], []);
        if (_expressions.ParseExpression() is not Call call) throw TemplateSyntax.Error("expected call", line);
        return new CallBlock(call, new MacroDefinition(parameters, defaults, ParseBlock(out _, "endcall"))) { Line = line };
    }

    private CallBlock ParseGeneration()
    {
        var line = _stream.Next().Line;
        return new CallBlock(null, new MacroDefinition([], [], ParseBlock(out _, "endgeneration"))) { Line = line };
    }

    private FilterBlock ParseFilterBlock()
    {
        var line = _stream.Next().Line;
        var filter = _expressions.ParseFilters(null, startInline: true)!;
        return new FilterBlock(filter, ParseBlock(out _, "endfilter")) { Line = line };
    }

    private With ParseWith()
    {
        var line = _stream.Next().Line;
        var targets = new List<Expression>();
        var values = new List<Expression>();
        while (_stream.Current.Kind != TokenKind.BlockEnd)
        {
            if (targets.Count > 0) _stream.Expect(TokenKind.Comma, ",");
            var target = _expressions.ParseAssignmentTarget();
            ExpressionParser.SetUse(target, NameUse.Parameter);
            targets.Add(target);
            _stream.Expect(TokenKind.Assign, "=");
            values.Add(_expressions.ParseExpression());
        }
        return new With(targets, values, ParseBlock(out _, "endwith")) { Line = line };
    }

    private Output ParsePrint()
    {
        var line = _stream.Next().Line;
        var items = new List<Expression>();
        while (_stream.Current.Kind != TokenKind.BlockEnd)
        {
            if (items.Count > 0) _stream.Expect(TokenKind.Comma, ",");
            items.Add(_expressions.ParseExpression());
        }
        return new Output(items) { Line = line };
    }

    private Block ParseNamedBlock()
    {
        var line = _stream.Next().Line;
        var name = _stream.Expect(TokenKind.Name, "name").Text;
        var scoped = _stream.SkipIfName("scoped");
        var required = _stream.SkipIfName("required");
        if (_stream.Current.Kind == TokenKind.Sub)
            throw Fail("Block names in Jinja have to be valid Python identifiers and may not contain hyphens, use an underscore instead.");
        var body = ParseBlock(out _, "endblock");
        if (required && !body.TrueForAll(IsBlank)) throw Fail("Required blocks can only contain comments or whitespace");
        _stream.SkipIfName(name);
        return new Block(name, scoped, required, body) { Line = line };

        static bool IsBlank(Node node) =>
            node is Output output && output.Items.TrueForAll(item => item is TemplateData data && string.IsNullOrWhiteSpace(data.Text));
    }

    private Autoescape ParseAutoescape()
    {
        var line = _stream.Next().Line;
        var enabled = _expressions.ParseExpression();
        return new Autoescape(enabled, ParseBlock(out _, "endautoescape")) { Line = line };
    }

    private LoadTemplate ParseLoad()
    {
        var keyword = _stream.Next();
        var template = _expressions.ParseExpression();
        var targets = new List<Name>();
        if (keyword.Text == "import")
        {
            _stream.ExpectName("as");
            targets.Add(_expressions.ParseTargetName());
        }
        else if (keyword.Text == "from")
        {
            ParseImportedNames(targets);
        }
        else if (keyword.Text == "include" && _stream.Current.IsName("ignore") && _stream.Ahead.IsName("missing"))
        {
            _stream.Next();
            _stream.Next();
        }
        if (keyword.Text != "extends") SkipImportContext();
        return new LoadTemplate(keyword.Text, template, targets) { Line = keyword.Line };
    }

    private void ParseImportedNames(List<Name> targets)
    {
        _stream.ExpectName("import");
        do
        {
            if (SkipImportContext()) return;
            var name = _expressions.ParseTargetName();
            if (name.Identifier.StartsWith('_'))
                throw TemplateSyntax.Error("names starting with an underline can not be imported", name.Line);
            targets.Add(_stream.SkipIfName("as") ? _expressions.ParseTargetName() : name);
        }
        while (!SkipImportContext() && _stream.SkipIf(TokenKind.Comma));
    }

    private bool SkipImportContext()
    {
        if (!(_stream.Current.IsName("with") || _stream.Current.IsName("without")) || !_stream.Ahead.IsName("context")) return false;
        _stream.Next();
        _stream.Next();
        return true;
    }

    private ChatTemplateException UnknownStatement(Token token)
    {
        _openTags.Pop();
        return UnknownTag(token.Text, token.Line);
    }

    private ChatTemplateException UnknownTag(string? name, int line)
    {
        var message = name is null ? "Unexpected end of template." : $"Encountered unknown tag '{name}'.";
        if (_endTags.TryPeek(out var wanted))
        {
            var looking = string.Join(" or ", wanted.Select(tag => $"'{tag}'"));
            message += name is not null && _endTags.Any(tags => tags.Contains(name))
                ? $" You probably made a nesting mistake. Jinja is expecting this tag, but currently looking for {looking}."
                : $" Jinja was looking for the following tags: {looking}.";
        }
        if (_openTags.TryPeek(out var open)) message += $" The innermost block that needs to be closed is '{open}'.";
        return TemplateSyntax.Error(message, line);
    }

    private ChatTemplateException Fail(string message) => TemplateSyntax.Error(message, _stream.Current.Line);
}
