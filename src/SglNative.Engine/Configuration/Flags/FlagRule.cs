namespace SglNative.Engine.Configuration.Flags;

/// <summary>One line of what the engine makes of a flag. Of a flag's rules the first whose condition holds decides.</summary>
/// <param name="Support">The verdict.</param>
/// <param name="When">When it is the verdict.</param>
/// <param name="Reason">Why the flag changes nothing, or what is missing.</param>
/// <param name="Nearest">For what is missing: the nearest that works.</param>
public sealed record FlagRule(FlagSupport Support, FlagCondition When, string Reason, string Nearest)
{
    /// <summary>The rule as docs/flags.md and the help print it.</summary>
    public string Text
    {
        get
        {
            var condition = When.Text.Length == 0 ? "" : $" {When.Text}";
            return Support switch
            {
                FlagSupport.Works => $"works{condition}",
                FlagSupport.NoEffect => $"accepted without effect{condition}: {Reason}",
                _ => $"not yet{condition}: {Reason}; nearest: {Nearest}",
            };
        }
    }
}
