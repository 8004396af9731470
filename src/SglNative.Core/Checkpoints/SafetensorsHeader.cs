using System.Buffers.Binary;
using System.Text.Json;

namespace SglNative.Core.Checkpoints;

/// <summary>
/// The header of a safetensors file: 8 bytes little-endian length, then JSON {name: {dtype, shape, data_offsets}, __metadata__: {...}},
/// then the data. Everything is checked before anybody follows an offset; the rules are those of the format's reference
/// implementation (no holes, no overlaps, every byte of the data belongs to one tensor).
/// </summary>
internal sealed class SafetensorsHeader
{
    /// <summary>Bytes of the length field in front of the JSON.</summary>
    public const int PrefixLength = 8;

    /// <summary>The largest JSON the format allows.</summary>
    public const int MaxLength = 100_000_000;

    /// <summary>The key of the free-form text pairs.</summary>
    public const string MetadataKey = "__metadata__";

    private SafetensorsHeader(IReadOnlyList<SafetensorsEntry> entries, IReadOnlyDictionary<string, string> metadata) =>
        (Entries, Metadata) = (entries, metadata);

    /// <summary>The tensors in the order of their data.</summary>
    public IReadOnlyList<SafetensorsEntry> Entries { get; }

    public IReadOnlyDictionary<string, string> Metadata { get; }

    /// <summary>Reads the JSON's length from the first bytes of a file of <paramref name="fileLength"/> bytes.</summary>
    public static int ReadLength(ReadOnlySpan<byte> prefix, long fileLength, string file)
    {
        if (prefix.StartsWith("version "u8))
            throw new SglException($"{file} is a Git LFS pointer, not the weights: run 'git lfs pull' in its folder, or download the file itself");
        if (prefix.StartsWith("GGUF"u8))
            throw new SglException($"{file} holds GGUF, not safetensors: use the model's safetensors form");
        if (prefix.StartsWith("PK\u0003\u0004"u8))
            throw new SglException($"{file} holds a PyTorch pickle archive, not safetensors: use the model's safetensors form");
        if (prefix.Length < PrefixLength)
            throw new SglException($"{file} is not a safetensors file: {fileLength} bytes are fewer than the {PrefixLength} of the header length");
        var length = BinaryPrimitives.ReadUInt64LittleEndian(prefix);
        if (length > MaxLength)
            throw new SglException($"{file} is not a safetensors file: its header length is {length}, at most {MaxLength} is allowed");
        if (length > (ulong)(fileLength - PrefixLength))
            throw new SglException($"{file} is truncated or not a safetensors file: its header length is {length}, the file has {fileLength} bytes");
        if (length < 2) throw new SglException($"{file} is not a safetensors file: its header length is {length}");
        return (int)length;
    }

    /// <summary>Parses and checks the JSON of a file with <paramref name="dataLength"/> bytes after it.</summary>
    public static SafetensorsHeader Parse(ReadOnlySpan<byte> json, long dataLength, string file)
    {
        try
        {
            if (json[0] != (byte)'{') throw new SglException($"{file} is not a safetensors file: its header does not start with '{{'");
            var reader = new SafetensorsHeaderReader(json, file);
            reader.Read();
            CheckLayout(reader.Entries, json.Length, dataLength, file);
            return new SafetensorsHeader(reader.Entries, reader.Metadata);
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            // InvalidOperationException is how the JSON reader reports text that is not UTF-8.
            throw new SglException($"{file} is damaged or not a safetensors file: its header is not valid JSON ({e.Message})", e);
        }
    }

    private static void CheckLayout(List<SafetensorsEntry> entries, long headerLength, long dataLength, string file)
    {
        entries.Sort(static (a, b) => (a.Begin, a.End).CompareTo((b.Begin, b.End)));
        SafetensorsEntry? previous = null;
        foreach (var entry in entries)
        {
            var name = MessageText.Quote(entry.Name);
            if (entry.End > dataLength)
                throw new SglException($"{file} is truncated: tensor {name} ends at byte {PrefixLength + headerLength + entry.End}, the file has "
                    + $"{PrefixLength + headerLength + dataLength}; download it again");
            var end = previous?.End ?? 0;
            if (entry.Begin < end)
                throw new SglException($"{file} is damaged: tensors {MessageText.Quote(previous!.Name)} and {name} overlap "
                    + $"(data_offsets [{previous.Begin}, {previous.End}] and [{entry.Begin}, {entry.End}])");
            if (entry.Begin > end)
                throw new SglException($"{file} is damaged: bytes {end} to {entry.Begin} of its data, before tensor {name}, belong to no tensor");
            previous = entry;
        }
        var used = previous?.End ?? 0;
        if (used != dataLength)
            throw new SglException($"{file} is damaged: its tensors take {used} bytes, but {dataLength} follow the header");
    }
}
