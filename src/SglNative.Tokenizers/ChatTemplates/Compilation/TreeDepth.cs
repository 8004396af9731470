using SglNative.Tokenizers.ChatTemplates.Syntax;

namespace SglNative.Tokenizers.ChatTemplates.Compilation;

/// <summary>
/// Bounds how deep a template nests. Running it takes a few stack frames per level, and the room for all levels between two
/// calls is what <see cref="RenderBudget.EnterCall"/> makes sure of.
/// </summary>
internal static class TreeDepth
{
    private const int Max = 250;

    public static void Check(TemplateNode template)
    {
        var pending = new Stack<(Node Node, int Depth)>();
        pending.Push((template, 0));
        while (pending.TryPop(out var item))
        {
            if (item.Depth > Max) throw TemplateSyntax.Error("the template nests too deeply", item.Node.Line);
            foreach (var child in item.Node.Children) pending.Push((child, item.Depth + 1));
        }
    }
}
