using System.Text.Json;
using SglNative.Core.Tensors;

namespace SglNative.Core.Checkpoints;

/// <summary>Walks the JSON of a safetensors header; checks each entry on its own, the layout of all is checked by the header.</summary>
internal ref struct SafetensorsHeaderReader
{
    // {name: {shape: [..]}} needs 3; a little more lets an unknown field be skipped.
    private const int MaxDepth = 8;

    private readonly string _file;
    private readonly HashSet<string> _names = new(StringComparer.Ordinal);
    private Utf8JsonReader _json;

    public SafetensorsHeaderReader(ReadOnlySpan<byte> json, string file)
    {
        _file = file;
        _json = new Utf8JsonReader(json, new JsonReaderOptions { MaxDepth = MaxDepth });
    }

    public List<SafetensorsEntry> Entries { get; } = [];

    public Dictionary<string, string> Metadata { get; } = new(StringComparer.Ordinal);

    public void Read()
    {
        Expect(JsonTokenType.StartObject, "the header");
        while (NextProperty() is { } name)
        {
            if (!_names.Add(name)) throw Damaged($"two tensors are named {MessageText.Quote(name)}");
            if (name == SafetensorsHeader.MetadataKey) ReadMetadata();
            else Entries.Add(ReadEntry(name));
        }
        if (_json.Read()) throw Damaged("something follows the header's JSON");
    }

    private void ReadMetadata()
    {
        Expect(JsonTokenType.StartObject, SafetensorsHeader.MetadataKey);
        while (NextProperty() is { } key)
        {
            Expect(JsonTokenType.String, $"{SafetensorsHeader.MetadataKey} entry {MessageText.Quote(key)}");
            if (!Metadata.TryAdd(key, _json.GetString()!))
                throw Damaged($"{SafetensorsHeader.MetadataKey} has two entries {MessageText.Quote(key)}");
        }
    }

    private SafetensorsEntry ReadEntry(string name)
    {
        var quoted = MessageText.Quote(name);
        DType? dtype = null;
        List<long>? shape = null, offsets = null;
        Expect(JsonTokenType.StartObject, $"tensor {quoted}");
        while (NextProperty() is { } field)
            switch (field)
            {
                case "dtype" when dtype is null: dtype = ReadDType(quoted); break;
                case "shape" when shape is null: shape = ReadIntegers($"the shape of tensor {quoted}"); break;
                case "data_offsets" when offsets is null: offsets = ReadIntegers($"the data_offsets of tensor {quoted}"); break;
                case "dtype" or "shape" or "data_offsets": throw Damaged($"tensor {quoted} has '{field}' twice");
                default: _json.Skip(); break;
            }
        if (dtype is null || shape is null || offsets is null)
            throw Damaged($"tensor {quoted} lacks '{(dtype is null ? "dtype" : shape is null ? "shape" : "data_offsets")}'");
        if (offsets.Count != 2 || offsets[0] > offsets[1])
            throw Damaged($"tensor {quoted} has data_offsets [{string.Join(", ", offsets)}], expected [begin, end]");
        return Check(new SafetensorsEntry(name, dtype.Value, ReadShape(shape, quoted), offsets[0], offsets[1]), quoted);
    }

    private readonly SafetensorsEntry Check(SafetensorsEntry entry, string quoted)
    {
        long bytes;
        try
        {
            bytes = checked(entry.Shape.Count * entry.DType.Size());
        }
        catch (OverflowException)
        {
            throw Damaged($"tensor {quoted} of shape {entry.Shape} has more bytes than can be addressed");
        }
        return bytes == entry.End - entry.Begin
            ? entry
            : throw Damaged($"tensor {quoted} is {entry.DType.TorchName()} {entry.Shape}, which takes {bytes} bytes, "
                + $"but its data_offsets span {entry.End - entry.Begin}");
    }

    private DType ReadDType(string quoted)
    {
        Expect(JsonTokenType.String, $"the dtype of tensor {quoted}");
        var text = _json.GetString()!;
        return SafetensorsDTypes.TryParse(text, out var dtype)
            ? dtype
            : throw new SglException($"{_file}: tensor {quoted} has the unsupported dtype {MessageText.Quote(text)}; "
                + $"supported are {string.Join(", ", Enum.GetValues<DType>().Select(SafetensorsDTypes.Name))}");
    }

    private readonly Shape ReadShape(List<long> dims, string quoted) => dims.Count <= Shape.MaxRank
        ? new Shape(dims.ToArray())
        : throw new SglException($"{_file}: tensor {quoted} has {dims.Count} dimensions, at most {Shape.MaxRank} are supported");

    private List<long> ReadIntegers(string what)
    {
        Expect(JsonTokenType.StartArray, what);
        var values = new List<long>();
        while (_json.Read() && _json.TokenType != JsonTokenType.EndArray)
        {
            if (_json.TokenType != JsonTokenType.Number || !_json.TryGetInt64(out var value) || value < 0)
                throw Damaged($"{what} must hold non-negative integers");
            values.Add(value);
        }
        return values;
    }

    private string? NextProperty()
    {
        _json.Read();
        return _json.TokenType == JsonTokenType.PropertyName ? _json.GetString() : null;
    }

    private void Expect(JsonTokenType type, string what)
    {
        if (!_json.Read() || _json.TokenType != type) throw Damaged($"{what} must be a JSON {Describe(type)}");
    }

    private static string Describe(JsonTokenType type) => type switch
    {
        JsonTokenType.StartObject => "object",
        JsonTokenType.StartArray => "array",
        _ => "string",
    };

    private readonly SglException Damaged(string what) => new($"{_file} is damaged or not a safetensors file: {what}");
}
