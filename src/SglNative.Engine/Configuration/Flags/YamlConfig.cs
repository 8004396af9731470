using System.Text;
using System.Text.Json.Nodes;
using SglNative.Core;
using YamlDotNet.Core;
using YamlDotNet.Core.Events;

namespace SglNative.Engine.Configuration.Flags;

/// <summary>
/// Reads flags from the YAML file that <c>--config</c> names: a mapping from flag names (dashes or underscores) to values. It works
/// on the parser's events, so that every complaint knows its line and no nesting or alias can exhaust the stack or the memory.
/// </summary>
internal sealed class YamlConfig
{
    public const string FlagName = "--config";

    private const long MaxBytes = 1 << 20;

    private readonly FlagTable _table;
    private readonly string _file;
    private readonly Parser _parser;

    private YamlConfig(FlagTable table, string file, string text)
    {
        _table = table;
        _file = file;
        _parser = new Parser(new StringReader(text));
    }

    /// <summary>The flags that the file at <paramref name="path"/> gives.</summary>
    /// <exception cref="SglException">The file cannot be read, is not YAML, or gives a flag wrongly; the message has the line.</exception>
    public static IReadOnlyList<GivenFlag> Read(FlagTable table, string path)
    {
        var config = new YamlConfig(table, path, ReadText(path));
        try
        {
            return config.ReadDocument();
        }
        catch (YamlException e)
        {
            throw new SglException($"{path} line {e.Start.Line}: not valid YAML: {Printable.OneLine(e.Message)}", e);
        }
        catch (Exception e) when (e is ArgumentException or InvalidOperationException)
        {
            // The parser throws these, without a place, for tags that its own types refuse and for some sequences of markers.
            throw new SglException($"{path} line {config._parser.Current?.End.Line ?? 1}: not valid YAML: {Printable.OneLine(e.Message)}", e);
        }
    }

    private static string ReadText(string path)
    {
        try
        {
            if (!File.Exists(path)) throw new SglException($"{FlagName} {path}: no such file");
            var length = new FileInfo(path).Length;
            if (length > MaxBytes) throw new SglException($"{FlagName} {path}: a configuration file has at most {MaxBytes} bytes, this one {length}");
            return new UTF8Encoding(false, throwOnInvalidBytes: true).GetString(File.ReadAllBytes(path)).TrimStart('\uFEFF');
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or DecoderFallbackException or ArgumentException)
        {
            throw new SglException($"{FlagName} {path}: {(e is DecoderFallbackException ? "it is not UTF-8 text" : Printable.OneLine(e.Message))}", e);
        }
    }

    private List<GivenFlag> ReadDocument()
    {
        List<GivenFlag> given = [];
        _parser.Consume<StreamStart>();
        if (_parser.TryConsume<StreamEnd>(out _)) return given;
        _parser.Consume<DocumentStart>();
        if (!_parser.TryConsume<MappingStart>(out _))
        {
            if (_parser.TryConsume<Scalar>(out var nothing) && YamlScalar.IsNull(nothing)) return given;
            throw new SglException($"{_file} line 1: a configuration file is a mapping such as 'port: 30000'");
        }

        while (!_parser.TryConsume<MappingEnd>(out _))
            if (ReadEntry(given) is { } entry)
                given.Add(entry);
        _parser.Consume<DocumentEnd>();
        if (_parser.TryConsume<DocumentStart>(out var second)) throw Fail(second, "a configuration file holds one document");
        return given;
    }

    private GivenFlag? ReadEntry(List<GivenFlag> before)
    {
        if (!_parser.TryConsume<Scalar>(out var key)) throw Fail(_parser.Current!, "a key is the name of a flag");
        var flag = Resolve(key);
        var source = Where(key);
        if (flag.Name == FlagName) throw Fail(key, $"{FlagName} belongs on the command line");
        if (before.Any(other => ReferenceEquals(other.Flag, flag))) throw Fail(key, $"{key.Value} is given twice");

        var start = _parser.Current!;
        var node = new YamlNodeReader(_parser, Fail).Read();
        if (node is null) return null;
        if (ReadWords(flag, key, start, node) is not { } words) return null;
        return new GivenFlag(flag, key.Value, words, CommandLineReader.ReadValue(flag, key.Value, words, source), source);
    }

    private Flag Resolve(Scalar key)
    {
        try
        {
            return _table.Resolve("--" + key.Value.TrimStart('-').Replace('_', '-'));
        }
        catch (SglException e)
        {
            throw Fail(key, e.Message);
        }
    }

    /// <summary>The words that a value would be on the command line; null for a switch that is set to false.</summary>
    private IReadOnlyList<string>? ReadWords(Flag flag, Scalar key, ParsingEvent start, JsonNode node)
    {
        if (flag.Arity == FlagArity.None)
            return YamlScalar.AsBoolean(node) switch
            {
                true => [],
                false => null,
                _ => throw Fail(start, $"{key.Value} is a switch: write true or false, not {Printable.Quote(YamlScalar.Text(node))}"),
            };
        if (flag.Placeholder == "JSON" || node is JsonValue) return [YamlScalar.Text(node)];
        if (node is JsonArray list && flag.Arity == FlagArity.Many)
        {
            if (list.Count == 0) throw Fail(start, $"{key.Value} needs at least one value");
            return [.. list.Select(item => item is null ? "" : YamlScalar.Text(item))];
        }

        throw Fail(start, $"{key.Value} takes one value, not a {(node is JsonArray ? "list" : "mapping")}");
    }

    private SglException Fail(ParsingEvent at, string message) => new($"{Where(at)}: {message}");

    private string Where(ParsingEvent at) => $"{_file} line {at.Start.Line}";
}
