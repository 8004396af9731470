namespace SglNative.Core.Checkpoints;

/// <summary>
/// All weights of a checkpoint folder in the Hugging Face layout: a single <c>model.safetensors</c>, shards with an index, or any
/// other safetensors files. Memory-mapped; every header was checked when it opened. Safe for concurrent reading.
/// </summary>
public sealed class Checkpoint : IDisposable
{
    private readonly Dictionary<string, CheckpointTensor> _tensors = new(StringComparer.Ordinal);
    private readonly List<SafetensorsFile> _files = [];

    private Checkpoint(string directory) => Directory = directory;

    /// <summary>The folder it was opened from.</summary>
    public string Directory { get; }

    /// <summary>The weight files, sorted by name.</summary>
    public IReadOnlyList<SafetensorsFile> Files => _files;

    /// <summary>The tensors by name; enumerated file by file in the order of their data, which reads a cold disk sequentially.</summary>
    public IReadOnlyDictionary<string, CheckpointTensor> Tensors => _tensors;

    /// <summary>Bytes of all tensors.</summary>
    public long ByteCount => _tensors.Values.Sum(t => t.ByteCount);

    /// <summary>The tensor of that name.</summary>
    /// <exception cref="SglException">The checkpoint has no such tensor.</exception>
    public CheckpointTensor this[string name] => _tensors.TryGetValue(name, out var tensor)
        ? tensor
        : throw new SglException($"{Directory} has no tensor {MessageText.Quote(name)} among its {_tensors.Count}");

    /// <summary>Opens the weights of a folder.</summary>
    /// <exception cref="SglException">The folder or its weights are missing, in another format, or damaged.</exception>
    public static Checkpoint Open(string directory)
    {
        var names = CheckpointFolder.FileNames(CheckpointFolder.Require(directory));
        var weights = WeightFiles.Select(names);
        if (weights.IsEmpty) throw new SglException(WeightFiles.Explain(directory, names));
        var checkpoint = new Checkpoint(directory);
        try
        {
            var index = weights.Index is null ? null : WeightIndex.Load(Path.Combine(directory, weights.Index));
            foreach (var name in index?.Shards ?? weights.Files) checkpoint.Add(name, index);
            if (index is not null) checkpoint.CheckComplete(index);
            return checkpoint;
        }
        catch
        {
            checkpoint.Dispose();
            throw;
        }
    }

    /// <summary>Unmaps all files; the tensors must not be used any more.</summary>
    public void Dispose()
    {
        foreach (var file in _files) file.Dispose();
    }

    private void Add(string name, WeightIndex? index)
    {
        var path = Path.Combine(Directory, name);
        if (index is not null && !File.Exists(path))
            throw new SglException($"{path} is missing: {Path.GetFileName(index.Path)} names it; the download is incomplete");
        var file = SafetensorsFile.Open(path);
        _files.Add(file);
        foreach (var tensor in file.Tensors.Values)
        {
            // Where two shards hold a name, the index says which one counts.
            if (index is not null && index.ShardOf.TryGetValue(tensor.Name, out var shard) && shard != name) continue;
            if (!_tensors.TryAdd(tensor.Name, tensor))
                throw new SglException($"tensor {MessageText.Quote(tensor.Name)} is in both {_tensors[tensor.Name].File} and {path}: "
                    + "keep one set of weights in the folder");
        }
    }

    private void CheckComplete(WeightIndex index)
    {
        foreach (var (name, shard) in index.ShardOf)
            if (!_tensors.ContainsKey(name))
                throw new SglException($"{Path.Combine(Directory, shard)} has no tensor {MessageText.Quote(name)}, "
                    + $"which {Path.GetFileName(index.Path)} says is there; download the checkpoint again");
    }
}
