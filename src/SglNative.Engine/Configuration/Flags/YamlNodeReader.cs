using System.Text.Json.Nodes;
using YamlDotNet.Core;
using YamlDotNet.Core.Events;

namespace SglNative.Engine.Configuration.Flags;

/// <summary>Reads one YAML value into a JSON tree of bounded depth. Aliases are refused: no flag needs them, and they can explode.</summary>
internal sealed class YamlNodeReader(IParser parser, Func<ParsingEvent, string, Exception> fail)
{
    private const int MaxDepth = 32;

    /// <summary>The value at the parser's place; null for YAML's null.</summary>
    public JsonNode? Read() => Read(0);

    private JsonNode? Read(int depth)
    {
        var at = parser.Current!;
        if (depth > MaxDepth) throw fail(at, $"values nest deeper than {MaxDepth} levels");
        switch (at)
        {
            case Scalar scalar:
                parser.MoveNext();
                return YamlScalar.ToJson(scalar);
            case SequenceStart:
                parser.MoveNext();
                var list = new JsonArray();
                while (!parser.TryConsume<SequenceEnd>(out _)) list.Add(Read(depth + 1));
                return list;
            case MappingStart:
                parser.MoveNext();
                var mapping = new JsonObject();
                while (!parser.TryConsume<MappingEnd>(out _)) ReadEntry(mapping, depth);
                return mapping;
            default:
                throw fail(at, "anchors and aliases are not supported");
        }
    }

    private void ReadEntry(JsonObject mapping, int depth)
    {
        var at = parser.Current!;
        if (!parser.TryConsume<Scalar>(out var key)) throw fail(at, "a key is a single value");
        if (mapping.ContainsKey(key.Value)) throw fail(key, $"{Printable.Quote(key.Value)} is given twice");
        mapping[key.Value] = Read(depth + 1);
    }
}
