using System.Globalization;

namespace SglNative.Engine.Configuration.Flags;

/// <summary>The conditions that rows of the flag table are written with.</summary>
public static class When
{
    /// <summary>The engine runs on the CPU, asked for or found.</summary>
    public static FlagCondition OnCpu { get; } = new("on the CPU", use => use.Device == DeviceKind.Cpu);

    /// <summary>The engine runs on a GPU.</summary>
    public static FlagCondition OnCuda { get; } = new("on CUDA", use => use.Device == DeviceKind.Cuda);

    /// <summary>The flag's own value is one of <paramref name="values"/>.</summary>
    public static FlagCondition Is(params string[] values) =>
        new("for " + Quote(values), use => values.Contains(use.Given.Text, StringComparer.Ordinal));

    /// <summary>The flag's own value is a number above <paramref name="limit"/>.</summary>
    public static FlagCondition Above(double limit) =>
        new("above " + limit.ToString(CultureInfo.InvariantCulture),
            use => double.TryParse(use.Given.Text, CultureInfo.InvariantCulture, out var value) && value > limit);

    /// <summary>Another flag was given with one of <paramref name="values"/>.</summary>
    public static FlagCondition Other(string flag, params string[] values) =>
        new($"with `{flag}` {Quote(values)}", use => values.Contains(use.Values.TextOf(flag), StringComparer.Ordinal));

    private static string Quote(string[] values) => string.Join(", ", values.Select(value => $"`{value}`"));
}
