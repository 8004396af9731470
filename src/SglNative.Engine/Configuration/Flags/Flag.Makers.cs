using System.Collections.Immutable;
using System.Text.Json;

namespace SglNative.Engine.Configuration.Flags;

// The makers that the rows of the table begin with.
public abstract partial record Flag
{
    /// <summary>A switch: off unless given.</summary>
    public static Flag<bool> Switch(string name, string help) => new(name, FlagArity.None, "", false, FlagFormat.Switch, help);

    /// <summary>A whole number with a default.</summary>
    public static Flag<int> Integer(string name, int defaultValue, string help) =>
        new(name, FlagArity.One, "INT", defaultValue, FlagFormat.Integer, help);

    /// <summary>A whole number that may stay unset.</summary>
    public static Flag<int?> Integer(string name, string help) =>
        new(name, FlagArity.One, "INT", null, FlagFormat.OptionalInteger, help);

    /// <summary>A number with a default.</summary>
    public static Flag<double> Number(string name, double defaultValue, string help) =>
        new(name, FlagArity.One, "NUMBER", defaultValue, FlagFormat.Number, help);

    /// <summary>A number that may stay unset.</summary>
    public static Flag<double?> Number(string name, string help) =>
        new(name, FlagArity.One, "NUMBER", null, FlagFormat.OptionalNumber, help);

    /// <summary>A text with a default.</summary>
    public static Flag<string> Text(string name, string defaultValue, string help) =>
        new(name, FlagArity.One, "TEXT", defaultValue, FlagFormat.Text, help);

    /// <summary>A text that may stay unset.</summary>
    public static Flag<string?> Text(string name, string help) =>
        new(name, FlagArity.One, "TEXT", null, FlagFormat.OptionalText, help);

    /// <summary>A text that may be left out although the flag is given; it is then empty.</summary>
    public static Flag<string?> TextOrNothing(string name, string help) =>
        new(name, FlagArity.OneOrNone, "TEXT", null, FlagFormat.OptionalText, help);

    /// <summary>Several texts.</summary>
    public static Flag<ImmutableArray<string>> Texts(string name, string help) =>
        new(name, FlagArity.Many, "TEXT", [], FlagFormat.Texts, help);

    /// <summary>Several whole numbers.</summary>
    public static Flag<ImmutableArray<int>> Integers(string name, string help, params ImmutableArray<int> defaults) =>
        new(name, FlagArity.Many, "INT", defaults, FlagFormat.Integers, help);

    /// <summary>Several whole numbers in one word, separated by commas.</summary>
    public static Flag<ImmutableArray<int>> CommaIntegers(string name, string help) =>
        new(name, FlagArity.One, "INT,INT", [], FlagFormat.CommaIntegers, help);

    /// <summary>Several numbers.</summary>
    public static Flag<ImmutableArray<double>> Numbers(string name, string help) =>
        new(name, FlagArity.Many, "NUMBER", [], FlagFormat.Numbers, help);

    /// <summary>A JSON object as text.</summary>
    public static Flag<string?> JsonObject(string name, string help, string? defaultValue = null) =>
        new(name, FlagArity.One, "JSON", defaultValue, FlagFormat.Json(JsonValueKind.Object), help);

    /// <summary>A JSON list as text.</summary>
    public static Flag<string?> JsonList(string name, string help) =>
        new(name, FlagArity.One, "JSON", null, FlagFormat.Json(JsonValueKind.Array), help);
}
