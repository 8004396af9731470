using System.Text;
using SglNative.Tokenizers.ChatTemplates.Values;

namespace SglNative.Tokenizers.ChatTemplates.Execution;

/// <summary>What one render owns: its variables, its output, its budget and its clock.</summary>
internal sealed class RenderState(RenderBudget budget, Dictionary<string, object?> variables, Func<DateTime> now)
{
    private StringBuilder _output = new();

    public RenderBudget Budget { get; } = budget;

    /// <summary>The values given, and what the top level of the template has set.</summary>
    public Dictionary<string, object?> Variables { get; private set; } = variables;

    /// <summary>Whether a block with escaping is running; filters and macros look at it.</summary>
    public bool Autoescape { get; set; }

    /// <summary>The line of the statement that runs.</summary>
    public int Line { get; set; }

    public DateTime Now() => now();

    public object? Resolve(string name) => Variables.TryGetValue(name, out var value) ? value : Builtins.Globals.Find(name);

    public void Write(string text)
    {
        Budget.Text(text.Length);
        if (_output.Length + text.Length > 4096) Budget.CheckLength((long)_output.Length + text.Length);
        _output.Append(text);
    }

    /// <summary>Redirects the output into a buffer of its own; what was there before is to be given back to <see cref="EndBuffer"/>.</summary>
    public StringBuilder BeginBuffer()
    {
        var outer = _output;
        _output = new StringBuilder();
        return outer;
    }

    public string EndBuffer(StringBuilder outer)
    {
        var text = _output.ToString();
        _output = outer;
        return text;
    }

    public string Output() => _output.ToString();

    /// <summary>Runs something that sees further variables, and forgets them afterwards.</summary>
    public void WithVariables(IEnumerable<KeyValuePair<string, object?>> further, Action run)
    {
        var outer = Variables;
        Variables = new Dictionary<string, object?>(outer);
        foreach (var (name, value) in further)
            if (value is not Missing) Variables[name] = value;
        run();
        Variables = outer;
    }
}
