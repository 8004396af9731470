using SglNative.Tokenizers.ChatTemplates.Execution;
using SglNative.Tokenizers.ChatTemplates.Syntax;

namespace SglNative.Tokenizers.ChatTemplates.Compilation;

/// <summary>A compiled template: immutable, and run by any number of threads.</summary>
internal sealed class TemplateProgram
{
    private readonly FunctionLayout _function = new(null);
    private readonly Executor _enter;
    private readonly Executor _body;
    private readonly BlockTable _blocks;
    private readonly int _selfSlot;

    private TemplateProgram(TemplateNode template)
    {
        TreeDepth.Check(template);
        _blocks = new BlockTable(template);
        var scope = Scope.Root(_function);
        _selfSlot = SymbolCollector.FindUndeclared(template.Body, "self").Count > 0 ? scope.Symbols.DeclareParameter("self").Slot : -1;
        SymbolCollector.Collect(scope.Symbols, template.Body);
        _enter = VariableAccess.Enter(scope);
        _body = new StatementCompiler(_blocks).CompileBody(template.Body, scope);
        _blocks.CompileAll();
    }

    public static TemplateProgram Compile(string source) => new(TemplateParser.Parse(source));

    public string Run(RenderState state)
    {
        var activation = new Activation(state, null, _function.SlotCount);
        if (_selfSlot >= 0) activation.Slots[_selfSlot] = _blocks.Self;
        RenderBudget.CheckStack();
        _enter(activation);
        _body(activation);
        return state.Output();
    }
}
