using SglNative.Tokenizers.ChatTemplates.Syntax;

namespace SglNative.Tokenizers.ChatTemplates.Compilation;

/// <summary>Walks the nodes of one scope in the reference's order and records which names they read and set.</summary>
internal sealed class SymbolCollector(Symbols symbols)
{
    private Symbols _symbols = symbols;

    public static void Collect(Symbols symbols, IEnumerable<Node> nodes)
    {
        var collector = new SymbolCollector(symbols);
        foreach (var node in nodes) collector.Visit(node);
    }

    /// <summary>Declares the names of a loop's target as parameters.</summary>
    public static void DeclareTarget(Symbols symbols, Node target)
    {
        if (target is Name name) symbols.DeclareParameter(name.Identifier);
        else
            foreach (var child in target.Children) DeclareTarget(symbols, child);
    }

    /// <summary>Which of the names are read without being declared first, closures included.</summary>
    public static HashSet<string> FindUndeclared(IEnumerable<Node> nodes, params ReadOnlySpan<string> names)
    {
        var searched = new HashSet<string>(names.ToArray());
        var undeclared = new HashSet<string>();
        foreach (var node in nodes) Search(node, searched, undeclared);
        return undeclared;
    }

    private static void Search(Node node, HashSet<string> searched, HashSet<string> undeclared)
    {
        if (node is Name name)
        {
            if (name.Use == NameUse.Load && searched.Contains(name.Identifier)) undeclared.Add(name.Identifier);
            else searched.Remove(name.Identifier);
        }
        else if (node is not Block)
        {
            foreach (var child in node.Children) Search(child, searched, undeclared);
        }
    }

    private void Visit(Node node)
    {
        switch (node)
        {
            case Name { Use: NameUse.Parameter } name: _symbols.DeclareParameter(name.Identifier); break;
            case Name { Use: NameUse.Store } name: _symbols.Store(name.Identifier); break;
            case Name name: _symbols.Read(name.Identifier); break;
            case NamespaceReference reference: _symbols.Read(reference.Identifier); break;
            case If branch: VisitIf(branch); break;
            case Macro macro: _symbols.Store(macro.Identifier); break;
            case Set set:
                Visit(set.Value);
                Visit(set.Target);
                break;
            case For loop: Visit(loop.Iterable); break;
            case CallBlock { Call: { } call }: Visit(call); break;
            case CallBlock: break;
            case FilterBlock block: Visit(block.Filter); break;
            case With with: VisitAll(with.Values); break;
            case SetBlock set: Visit(set.Target); break;
            case Autoescape or Block: break;
            default: VisitAll(node.Children); break;
        }
    }

    private void VisitAll(IEnumerable<Node> nodes)
    {
        foreach (var node in nodes) Visit(node);
    }

    private void VisitIf(If node)
    {
        Visit(node.Test);
        var original = _symbols;
        var body = Branch(original, node.Body);
        var elseIfs = Branch(original, node.ElseIfs);
        var otherwise = Branch(original, node.Otherwise);
        original.Join(body, elseIfs, otherwise);
    }

    private Symbols Branch(Symbols original, IEnumerable<Node> nodes)
    {
        var branch = _symbols = original.Copy();
        VisitAll(nodes);
        _symbols = original;
        return branch;
    }
}
