using Microsoft.Win32.SafeHandles;

namespace SglNative.Core.Checkpoints;

/// <summary>
/// A memory-mapped safetensors file of any size. The header is checked completely when the file is opened, so that no later
/// access can leave the file. Safe for concurrent reading.
/// </summary>
public sealed class SafetensorsFile : IDisposable
{
    private readonly MappedFile _mapping;

    private SafetensorsFile(string path, SafetensorsHeader header, MappedFile mapping, long dataOffset)
    {
        (Path, _mapping, Metadata) = (path, mapping, header.Metadata);
        var tensors = new Dictionary<string, CheckpointTensor>(header.Entries.Count, StringComparer.Ordinal);
        foreach (var entry in header.Entries) tensors.Add(entry.Name, new CheckpointTensor(entry, mapping, dataOffset, path));
        Tensors = tensors;
    }

    /// <summary>The path the file was opened with.</summary>
    public string Path { get; }

    /// <summary>The tensors by name; enumerated in the order of their data in the file.</summary>
    public IReadOnlyDictionary<string, CheckpointTensor> Tensors { get; }

    /// <summary>The text pairs under <c>__metadata__</c>; empty when there are none.</summary>
    public IReadOnlyDictionary<string, string> Metadata { get; }

    /// <summary>The tensor of that name.</summary>
    /// <exception cref="SglException">The file has no such tensor.</exception>
    public CheckpointTensor this[string name] => Tensors.TryGetValue(name, out var tensor)
        ? tensor
        : throw new SglException($"{Path} has no tensor {MessageText.Quote(name)}; it has {Describe(Tensors.Keys)}");

    /// <summary>Opens and checks a file.</summary>
    /// <exception cref="SglException">There is no such file, it cannot be read, or it is not a sound safetensors file.</exception>
    public static SafetensorsFile Open(string path)
    {
        try
        {
            if (Directory.Exists(path)) throw new SglException($"{path} is a folder, expected a safetensors file");
            using var handle = File.OpenHandle(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
            return Open(path, handle);
        }
        catch (FileNotFoundException e)
        {
            throw new SglException($"no such file: {path}", e);
        }
        catch (DirectoryNotFoundException e)
        {
            throw new SglException($"no such file: {path}", e);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException or NotSupportedException)
        {
            throw new SglException($"{path} cannot be read: {e.Message}", e);
        }
    }

    /// <summary>Unmaps the file; its tensors must not be used any more.</summary>
    public void Dispose() => _mapping.Dispose();

    private static SafetensorsFile Open(string path, SafeFileHandle handle)
    {
        var length = RandomAccess.GetLength(handle);
        Span<byte> prefix = stackalloc byte[SafetensorsHeader.PrefixLength];
        var headerLength = SafetensorsHeader.ReadLength(prefix[..Fill(handle, prefix, 0)], length, path);
        var json = new byte[headerLength];
        if (Fill(handle, json, SafetensorsHeader.PrefixLength) != headerLength) throw new SglException($"{path} is truncated within its header");
        var dataOffset = SafetensorsHeader.PrefixLength + (long)headerLength;
        var header = SafetensorsHeader.Parse(json, length - dataOffset, path);
        return new SafetensorsFile(path, header, new MappedFile(handle, length), dataOffset);
    }

    private static int Fill(SafeFileHandle handle, Span<byte> buffer, long offset)
    {
        var filled = 0;
        while (filled < buffer.Length && RandomAccess.Read(handle, buffer[filled..], offset + filled) is > 0 and var read) filled += read;
        return filled;
    }

    private static string Describe(IEnumerable<string> names)
    {
        var all = names.ToArray();
        return all.Length == 0 ? "none" : MessageText.List(all);
    }
}
