using SglNative.Tokenizers.ChatTemplates.Execution;
using SglNative.Tokenizers.ChatTemplates.Syntax;
using SglNative.Tokenizers.ChatTemplates.Values;

namespace SglNative.Tokenizers.ChatTemplates.Compilation;

/// <summary>Turns text and printed expressions into delegates.</summary>
internal static class OutputCompiler
{
    public static Executor Compile(Output output, Scope scope)
    {
        var parts = output.Items.Select(item => CompilePart(item, scope)).ToArray();
        if (parts.Length == 1)
        {
            var only = parts[0];
            return a =>
            {
                a.State.Budget.Step();
                only(a);
                return Flow.Next;
            };
        }
        return a =>
        {
            a.State.Budget.Step();
            foreach (var part in parts) part(a);
            return Flow.Next;
        };
    }

    private static Action<Activation> CompilePart(Expression item, Scope scope)
    {
        if (item is TemplateData or Const { Value: string } && scope.Escaping == Escaping.Off)
        {
            var text = item is TemplateData data ? data.Text : (string)((Const)item).Value!;
            return a => a.State.Write(text);
        }
        if (item is TemplateData raw) return a => a.State.Write(raw.Text);

        var value = ExpressionCompiler.Compile(item, scope);
        var line = item.Line;
        return scope.Escaping switch
        {
            Escaping.Off => a =>
            {
                a.State.Line = line;
                a.State.Write(Representation.Str(value(a), a.State.Budget));
            },
            Escaping.On => a =>
            {
                a.State.Line = line;
                a.State.Write(Markup.EscapeValue(value(a), a.State.Budget));
            },
            _ => a =>
            {
                a.State.Line = line;
                var (result, budget) = (value(a), a.State.Budget);
                a.State.Write(a.State.Autoescape ? Markup.EscapeValue(result, budget) : Representation.Str(result, budget));
            },
        };
    }
}
