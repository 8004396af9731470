using System.Runtime.InteropServices;
using System.Text.Json;
using System.Text.Json.Serialization;
using SglNative.Interop.Cuda.Native;
using SglNative.Interop.Gemm;

namespace SglNative.Interop.Cuda.Gemm;

/// <summary>
/// The algorithms found by timing, by description; one file for each kind of device and version of the library, since an algorithm
/// means something only there. A file that cannot be read or written costs time, not correctness, and is no error.
/// </summary>
internal sealed class GemmAlgorithmFile
{
    private readonly string _path;
    private readonly Dictionary<string, string> _algorithms;
    private readonly Dictionary<GemmDescription, CublasLtAlgorithm> _known = [];

    public GemmAlgorithmFile(string folder, string device, string library)
    {
        var name = new string([.. $"{device}-{library}".Select(c => char.IsAsciiLetterOrDigit(c) || c is '.' or '-' ? c : '_')]);
        _path = Path.Combine(folder, name + ".json");
        _algorithms = Read();
    }

    public bool Contains(in GemmDescription description) => TryGet(description, out _);

    public bool TryGet(in GemmDescription description, out CublasLtAlgorithm algorithm)
    {
        if (_known.TryGetValue(description, out algorithm)) return true;
        if (!_algorithms.TryGetValue(description.ToString(), out var text)) return false;
        Span<byte> bytes = stackalloc byte[CublasLtAlgorithm.Size];
        if (!Convert.TryFromBase64String(text, bytes, out var written) || written != CublasLtAlgorithm.Size) return false;
        algorithm = _known[description] = MemoryMarshal.Read<CublasLtAlgorithm>(bytes);
        return true;
    }

    public void Add(in GemmDescription description, CublasLtAlgorithm algorithm)
    {
        _known[description] = algorithm;
        // Another process may have written since: its findings are kept.
        foreach (var (key, value) in Read()) _algorithms.TryAdd(key, value);
        _algorithms[description.ToString()] = Convert.ToBase64String(MemoryMarshal.AsBytes(new ReadOnlySpan<CublasLtAlgorithm>(in algorithm)));
        Write();
    }

    private Dictionary<string, string> Read()
    {
        try
        {
            if (File.Exists(_path))
                return JsonSerializer.Deserialize(File.ReadAllBytes(_path), GemmAlgorithmJson.Default.DictionaryStringString) ?? [];
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or JsonException)
        {
            // As if it were not there.
        }
        return [];
    }

    private void Write()
    {
        try
        {
            Directory.CreateDirectory(Path.GetDirectoryName(_path)!);
            var temporary = $"{_path}.{Guid.NewGuid():N}";
            File.WriteAllBytes(temporary, JsonSerializer.SerializeToUtf8Bytes(_algorithms, GemmAlgorithmJson.Default.DictionaryStringString));
            File.Move(temporary, _path, overwrite: true);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // This process remembers; the next one searches again.
        }
    }
}

[JsonSourceGenerationOptions(WriteIndented = true)]
[JsonSerializable(typeof(Dictionary<string, string>))]
internal sealed partial class GemmAlgorithmJson : JsonSerializerContext;
