using System.Text.Json;

namespace SglNative.Core.Checkpoints;

/// <summary>A <c>model.safetensors.index.json</c>: which shard holds which tensor.</summary>
internal sealed class WeightIndex
{
    private WeightIndex(string path, IReadOnlyDictionary<string, string> shardOf)
    {
        (Path, ShardOf) = (path, shardOf);
        Shards = shardOf.Values.Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal).ToArray();
    }

    public string Path { get; }

    /// <summary>Tensor name to file name, relative to the index.</summary>
    public IReadOnlyDictionary<string, string> ShardOf { get; }

    /// <summary>The files, sorted.</summary>
    public IReadOnlyList<string> Shards { get; }

    public static WeightIndex Load(string path)
    {
        try
        {
            using var stream = File.OpenRead(path);
            using var json = JsonDocument.Parse(stream);
            return new WeightIndex(path, Read(json.RootElement, path));
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            throw new SglException($"{path} is not valid JSON: {e.Message}", e);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new SglException($"{path} cannot be read: {e.Message}", e);
        }
    }

    private static Dictionary<string, string> Read(JsonElement root, string path)
    {
        if (root.ValueKind != JsonValueKind.Object || !root.TryGetProperty("weight_map", out var map) || map.ValueKind != JsonValueKind.Object)
            throw new SglException($"{path} has no 'weight_map' object");
        var shardOf = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var entry in map.EnumerateObject())
        {
            var tensor = MessageText.Quote(entry.Name);
            if (entry.Value.ValueKind != JsonValueKind.String) throw new SglException($"{path}: weight_map of tensor {tensor} must be a file name");
            var shard = entry.Value.GetString()!;
            if (!IsSafe(shard)) throw new SglException($"{path}: tensor {tensor} points to {MessageText.Quote(shard)}, which is no file of this checkpoint");
            if (!shardOf.TryAdd(entry.Name, shard) && shardOf[entry.Name] != shard)
                throw new SglException($"{path}: tensor {tensor} is in both {shardOf[entry.Name]} and {shard}");
        }
        return shardOf.Count > 0 ? shardOf : throw new SglException($"{path}: 'weight_map' names no tensor");
    }

    /// <summary>A checkpoint from elsewhere must not make the program open files outside its folder.</summary>
    private static bool IsSafe(string shard) =>
        shard.EndsWith(".safetensors", StringComparison.Ordinal) && !System.IO.Path.IsPathRooted(shard) && !shard.Contains('\\')
        && !shard.Any(char.IsControl) && !shard.Split('/').Any(part => part is "" or "." or "..");
}
