namespace SglNative.Tokenizers.ChatTemplates.Syntax;

/// <summary>The tokens of a template, read from left to right with one token of look-ahead.</summary>
internal sealed class TokenStream(List<Token> tokens)
{
    private int _position;

    public Token Current => tokens[_position];

    public Token Ahead => tokens[Math.Min(_position + 1, tokens.Count - 1)];

    /// <summary>Moves on and returns the token that was current.</summary>
    public Token Next()
    {
        var token = Current;
        if (_position < tokens.Count - 1) _position++;
        return token;
    }

    public bool SkipIf(TokenKind kind)
    {
        if (Current.Kind != kind) return false;
        Next();
        return true;
    }

    public bool SkipIfName(string name)
    {
        if (!Current.IsName(name)) return false;
        Next();
        return true;
    }

    public Token Expect(TokenKind kind, string described)
    {
        if (Current.Kind == kind) return Next();
        throw Unexpected(described);
    }

    public Token ExpectName(string name)
    {
        if (Current.IsName(name)) return Next();
        throw Unexpected(name);
    }

    private ChatTemplateException Unexpected(string expected) => TemplateSyntax.Error(
        Current.Kind == TokenKind.End
            ? $"unexpected end of template, expected '{expected}'."
            : $"expected token '{expected}', got '{Current.Describe()}'",
        Current.Line);
}
