using System.Runtime.InteropServices;
using System.Text.Encodings.Web;
using System.Text.Json;
using Microsoft.Win32.SafeHandles;
using SglNative.Core.Tensors;

namespace SglNative.Core.Checkpoints;

/// <summary>
/// Writes a safetensors file: all tensors are declared first, then their bytes are written in any order and in pieces of any size.
/// The file appears under its name only with <see cref="Complete"/>; disposing before that leaves nothing behind. Not thread-safe.
/// </summary>
public sealed class SafetensorsWriter : IDisposable
{
    private readonly string _path;
    private readonly string _partialPath;
    private readonly SafeFileHandle _file;
    private readonly Dictionary<string, Slot> _slots = new(StringComparer.Ordinal);
    private bool _complete;

    /// <summary>Creates the file's header for the given tensors.</summary>
    /// <exception cref="SglException">The file cannot be written.</exception>
    /// <exception cref="ArgumentException">Two tensors have the same name, or one is named <c>__metadata__</c>.</exception>
    public SafetensorsWriter(string path, IEnumerable<TensorDeclaration> tensors, IReadOnlyDictionary<string, string>? metadata = null)
    {
        (_path, _partialPath) = (path, $"{path}.{Guid.NewGuid():n}.partial");
        var header = Layout(tensors, metadata);
        try
        {
            _file = File.OpenHandle(_partialPath, FileMode.CreateNew, FileAccess.Write);
            RandomAccess.Write(_file, BitConverter.GetBytes((ulong)header.Length), 0);
            RandomAccess.Write(_file, header, SafetensorsHeader.PrefixLength);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            Dispose();
            throw Unwritable(e);
        }
    }

    /// <summary>Writes a whole file at once; the dictionary's order does not matter.</summary>
    /// <exception cref="SglException">The file cannot be written.</exception>
    public static void Save(string path, IReadOnlyDictionary<string, (DType DType, Shape Shape, ReadOnlyMemory<byte> Bytes)> tensors,
        IReadOnlyDictionary<string, string>? metadata = null)
    {
        using var writer = new SafetensorsWriter(path, tensors.Select(t => new TensorDeclaration(t.Key, t.Value.DType, t.Value.Shape)), metadata);
        foreach (var (name, tensor) in tensors) writer.Write(name, tensor.Bytes.Span);
        writer.Complete();
    }

    /// <summary>Appends bytes to a tensor, after those written to it before.</summary>
    /// <exception cref="ArgumentException">The tensor was not declared, or would become longer than declared.</exception>
    /// <exception cref="SglException">The disk is full or the file cannot be written.</exception>
    public void Write(string name, ReadOnlySpan<byte> bytes)
    {
        if (!_slots.TryGetValue(name, out var slot)) throw new ArgumentException($"tensor '{name}' was not declared", nameof(name));
        if (slot.Written + bytes.Length > slot.Length)
            throw new ArgumentException($"tensor '{name}' has {slot.Length} bytes, not {slot.Written + bytes.Length}", nameof(bytes));
        try
        {
            RandomAccess.Write(_file, bytes, slot.Offset + slot.Written);
        }
        catch (IOException e)
        {
            throw Unwritable(e);
        }
        slot.Written += bytes.Length;
    }

    /// <summary>Appends elements to a tensor; see <see cref="Write(string, ReadOnlySpan{byte})"/>.</summary>
    public void WriteElements<T>(string name, ReadOnlySpan<T> values) where T : unmanaged => Write(name, MemoryMarshal.AsBytes(values));

    /// <summary>Gives the file its name, replacing one that was there.</summary>
    /// <exception cref="InvalidOperationException">A tensor was not written completely.</exception>
    public void Complete()
    {
        foreach (var (name, slot) in _slots)
            if (slot.Written != slot.Length) throw new InvalidOperationException($"tensor '{name}': {slot.Written} of {slot.Length} bytes written");
        try
        {
            _file.Dispose();
            File.Move(_partialPath, _path, overwrite: true);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw Unwritable(e);
        }
        _complete = true;
    }

    /// <summary>Closes the file; without <see cref="Complete"/> it is removed.</summary>
    public void Dispose()
    {
        _file?.Dispose();
        if (!_complete && File.Exists(_partialPath)) File.Delete(_partialPath);
    }

    private byte[] Layout(IEnumerable<TensorDeclaration> tensors, IReadOnlyDictionary<string, string>? metadata)
    {
        // Wide types first keeps every tensor aligned to its element size, as the format's own writer does.
        var ordered = tensors.OrderByDescending(t => t.DType.Size()).ThenBy(t => t.Name, StringComparer.Ordinal).ToArray();
        using var json = new MemoryStream();
        using (var writer = new Utf8JsonWriter(json, new JsonWriterOptions { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping }))
        {
            writer.WriteStartObject();
            if (metadata is { Count: > 0 }) WriteMetadata(writer, metadata);
            var end = 0L;
            foreach (var tensor in ordered)
            {
                if (tensor.Name == SafetensorsHeader.MetadataKey || !_slots.TryAdd(tensor.Name, new Slot(end, tensor.ByteCount)))
                    throw new ArgumentException($"two tensors named '{tensor.Name}', or a reserved name", nameof(tensors));
                WriteEntry(writer, tensor, end, end += tensor.ByteCount);
            }
            writer.WriteEndObject();
        }
        while (json.Length % 8 != 0) json.WriteByte((byte)' ');
        foreach (var slot in _slots.Values) slot.Offset += SafetensorsHeader.PrefixLength + json.Length;
        return json.ToArray();
    }

    private static void WriteMetadata(Utf8JsonWriter writer, IReadOnlyDictionary<string, string> metadata)
    {
        writer.WriteStartObject(SafetensorsHeader.MetadataKey);
        foreach (var (key, value) in metadata) writer.WriteString(key, value);
        writer.WriteEndObject();
    }

    private static void WriteEntry(Utf8JsonWriter writer, TensorDeclaration tensor, long begin, long end)
    {
        writer.WriteStartObject(tensor.Name);
        writer.WriteString("dtype", SafetensorsDTypes.Name(tensor.DType));
        writer.WriteStartArray("shape");
        for (var axis = 0; axis < tensor.Shape.Rank; axis++) writer.WriteNumberValue(tensor.Shape[axis]);
        writer.WriteEndArray();
        writer.WriteStartArray("data_offsets");
        writer.WriteNumberValue(begin);
        writer.WriteNumberValue(end);
        writer.WriteEndArray();
        writer.WriteEndObject();
    }

    private SglException Unwritable(Exception e) => new($"{_path} cannot be written: {e.Message}", e);

    private sealed class Slot(long offset, long length)
    {
        public long Offset { get; set; } = offset;
        public long Length { get; } = length;
        public long Written { get; set; }
    }
}
