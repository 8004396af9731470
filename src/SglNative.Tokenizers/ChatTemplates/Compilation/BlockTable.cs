using SglNative.Tokenizers.ChatTemplates.Execution;
using SglNative.Tokenizers.ChatTemplates.Syntax;
using SglNative.Tokenizers.ChatTemplates.Values;

namespace SglNative.Tokenizers.ChatTemplates.Compilation;

/// <summary>The named blocks of a template. Nothing can extend it, so each renders where it stands, seeing only the top level.</summary>
internal sealed class BlockTable
{
    private readonly Dictionary<string, Block> _nodes = [];
    private readonly Dictionary<string, Func<RenderState, string>> _renderers = [];
    private readonly Dictionary<string, BlockReference> _references = [];

    public BlockTable(TemplateNode template)
    {
        foreach (var block in template.Descendants().OfType<Block>())
            if (!_nodes.TryAdd(block.Identifier, block)) throw TemplateSyntax.Error($"block '{block.Identifier}' defined twice", block.Line);
        Self = new TemplateReference(_references);
    }

    public bool IsEmpty => _nodes.Count == 0;

    /// <summary>The variable <c>self</c>.</summary>
    public TemplateReference Self { get; }

    public void CompileAll()
    {
        var statements = new StatementCompiler(this);
        foreach (var (name, block) in _nodes)
        {
            _renderers[name] = CompileBlock(block, statements);
            _references[name] = new BlockReference(name, state => Render(name, state));
        }
    }

    public string Render(string name, RenderState state) => _renderers[name](state);

    private Func<RenderState, string> CompileBlock(Block block, StatementCompiler statements)
    {
        var function = new FunctionLayout(null);
        var scope = Scope.NamedBlock(function);
        var special = SymbolCollector.FindUndeclared(block.Body, "self", "super");
        var self = special.Contains("self") ? scope.Symbols.DeclareParameter("self").Slot : -1;
        var super = special.Contains("super") ? scope.Symbols.DeclareParameter("super").Slot : -1;
        SymbolCollector.Collect(scope.Symbols, block.Body);
        var (enter, body) = (VariableAccess.Enter(scope), statements.CompileBody(block.Body, scope));
        return state =>
        {
            state.Budget.EnterCall();
            var activation = new Activation(state, null, function.SlotCount);
            if (self >= 0) activation.Slots[self] = Self;
            if (super >= 0) activation.Slots[super] = Undefined.Because($"there is no parent block called '{block.Identifier}'.");
            var buffer = state.BeginBuffer();
            enter(activation);
            body(activation);
            var text = state.EndBuffer(buffer);
            state.Budget.LeaveCall();
            return text;
        };
    }
}
