using SglNative.Core;
using SglNative.Engine.Configuration.Flags;
using SglNative.Engine.Configuration.Surface;

namespace SglNative.Engine.Configuration;

/// <summary>
/// A command line that configures a server, read in two steps: <see cref="Parse(IReadOnlyList{string})"/> knows nothing of devices;
/// <see cref="Resolve"/> says, once the device is decided, what is accepted without effect and what is not there yet.
/// </summary>
public sealed class ServerCommandLine
{
    private ServerCommandLine(FlagValues values)
    {
        Values = values;
        Args = values.Given.Aggregate(new ServerArgs(), (args, given) => given.Flag.Apply(args, given.Value));
    }

    /// <summary>What was given, flag by flag; a command reads its own flags from here.</summary>
    public FlagValues Values { get; }

    /// <summary>The configuration that was given.</summary>
    public ServerArgs Args { get; }

    /// <summary>Reads the words after the command's name against the server's flags.</summary>
    /// <exception cref="SglException">Some word is no flag, or some value is missing or of the wrong kind.</exception>
    public static ServerCommandLine Parse(IReadOnlyList<string> words) => Parse(words, ServerFlags.Table);

    /// <summary>Reads the words against <paramref name="table"/>, which holds a command's own flags next to the server's.</summary>
    /// <exception cref="SglException">Some word is no flag, or some value is missing or of the wrong kind.</exception>
    public static ServerCommandLine Parse(IReadOnlyList<string> words, FlagTable table) => new(CommandLineReader.Read(table, words));

    /// <summary>Judges the flags for an engine on <paramref name="device"/>.</summary>
    /// <returns>One line for each flag that is accepted without effect, to be logged.</returns>
    /// <exception cref="SglException">Something that was asked for is not there yet; the line names the nearest that works.</exception>
    public IReadOnlyList<string> Resolve(DeviceKind device)
    {
        var report = FlagReport.For(Values, device);
        report.ThrowIfRefused();
        return report.Notes;
    }
}
