using System.Collections.Immutable;
using SglNative.Core;

namespace SglNative.Engine.Configuration.Flags;

/// <summary>What the engine makes of a command line on a given kind of device.</summary>
/// <param name="Notes">One line for each flag that is accepted without effect.</param>
/// <param name="Refusals">One line for each flag whose request is not there yet: what is missing and the nearest that works.</param>
public sealed record FlagReport(ImmutableArray<string> Notes, ImmutableArray<string> Refusals)
{
    /// <summary>Judges every flag in <paramref name="values"/>.</summary>
    public static FlagReport For(FlagValues values, DeviceKind device)
    {
        var verdicts = values.Given
            .Select(given => (Given: given, Rule: given.Flag.Judge(new FlagUse(given, values, device))))
            .ToArray();
        return new FlagReport(
            [.. from verdict in verdicts where verdict.Rule is { Support: FlagSupport.NoEffect } select Note(verdict.Given, verdict.Rule)],
            [.. from verdict in verdicts where verdict.Rule is { Support: FlagSupport.NotYet } select Refusal(verdict.Given, verdict.Rule)]);
    }

    /// <summary>Throws when anything is refused; all refusals are in the message's one line.</summary>
    /// <exception cref="SglException">Something that was asked for is not there yet.</exception>
    public void ThrowIfRefused()
    {
        if (Refusals.Length > 0) throw new SglException(string.Join("; ", Refusals));
    }

    private static string Note(GivenFlag given, FlagRule rule) => $"{Name(given)} is accepted without effect: {rule.Reason}";

    private static string Refusal(GivenFlag given, FlagRule rule) =>
        $"{Name(given)} is not supported yet: {rule.Reason}; the nearest that works: {rule.Nearest}";

    private static string Name(GivenFlag given)
    {
        var text = Printable.OneLine(given.ToString());
        return given.Source is null ? text : $"{given.Source}: {text}";
    }
}
