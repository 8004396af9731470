namespace SglNative.Tokenizers.ChatTemplates.Syntax;

/// <summary>A node of the syntax tree.</summary>
internal abstract class Node
{
    /// <summary>The line of the template, counted from 1.</summary>
    public required int Line { get; init; }

    /// <summary>The parts in the order in which the reference visits them; scoping depends on that order.</summary>
    public abstract IEnumerable<Node> Children { get; }

    /// <summary>All nodes below this one.</summary>
    public IEnumerable<Node> Descendants()
    {
        var pending = new Stack<Node>(Children);
        while (pending.TryPop(out var node))
        {
            yield return node;
            foreach (var child in node.Children) pending.Push(child);
        }
    }
}
