using System.Globalization;
using System.Runtime.InteropServices;
using System.Text.RegularExpressions;
using SglNative.Core;
using SglNative.Core.Checkpoints;
using SglNative.Core.Tensors;
using SglNative.Engine.Configuration;
using SglNative.Models.Backends;
using SglNative.Models.Batches;
using SglNative.Models.Modules;

namespace SglNative.Engine.Execution;

/// <summary>
/// Writes what every module returns (<c>--debug-tensor-dump-output-folder</c>): one safetensors file for each step,
/// <c>Pass00000.safetensors</c> and on. A tensor has its module's path as its name, with <c>#2</c> and on where a module ran several
/// times in the step; <c>input_ids</c>, <c>positions</c>, <c>query_start</c> and <c>kv_lengths</c> say which tokens of which sequences
/// the rows are. Used by the thread that runs the steps.
/// </summary>
internal sealed partial class TensorDump : IModuleObserver
{
    private readonly Dictionary<string, (DType DType, Shape Shape, ReadOnlyMemory<byte> Bytes)> _tensors = new(StringComparer.Ordinal);
    private readonly string _folder;
    private readonly IReadOnlyList<int> _layers;
    private int _pass;

    private TensorDump(string folder, IReadOnlyList<int> layers) => (_folder, _layers) = (folder, layers);

    /// <summary>Where the tensors are; set before the first step.</summary>
    public Backend? Backend { get; set; }

    /// <summary>The dump that the arguments ask for; null for none. Its folder is there when this returns.</summary>
    /// <exception cref="SglException">The folder cannot be made, or holds the files of another run.</exception>
    public static TensorDump? For(ServerArgs args)
    {
        if (args.DebugTensorDumpOutputFolder is not { } folder) return null;
        try
        {
            Directory.CreateDirectory(folder);
            if (Directory.EnumerateFiles(folder, "Pass*.safetensors").Any())
                throw new SglException($"--debug-tensor-dump-output-folder: {folder} holds the files of another run; empty it or name another folder");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException or NotSupportedException)
        {
            throw new SglException($"--debug-tensor-dump-output-folder: {folder} cannot be written: {e.Message}", e);
        }
        return new TensorDump(folder, args.DebugTensorDumpLayers);
    }

    /// <inheritdoc/>
    public void BeginStep(ForwardBatch batch)
    {
        // What a step left that failed is gone.
        _tensors.Clear();
        Add("input_ids", batch.TokenIds);
        Add("positions", batch.Positions);
        Add("query_start", batch.Attention.QueryStart);
        Add("kv_lengths", batch.Attention.KvLengths);
    }

    /// <inheritdoc/>
    public void OnOutput(string name, in Tensor output)
    {
        if (_layers.Count > 0 && LayerOf().Match(name) is { Success: true } match
            && !_layers.Contains(int.Parse(match.Groups[1].ValueSpan, CultureInfo.InvariantCulture))) return;
        Add(name.Length == 0 ? "model" : name, output);
    }

    /// <inheritdoc/>
    public void EndStep()
    {
        SafetensorsWriter.Save(Path.Combine(_folder, string.Create(CultureInfo.InvariantCulture, $"Pass{_pass:00000}.safetensors")), _tensors);
        _tensors.Clear();
        _pass++;
    }

    private void Add(string name, in Tensor tensor)
    {
        var unique = name;
        for (var run = 2; _tensors.ContainsKey(unique); run++) unique = $"{name}#{run}";
        _tensors.Add(unique, (tensor.DType, tensor.Shape, HostTensor.ReadBytes(Backend!, tensor)));
    }

    [GeneratedRegex(@"(?:^|\.)layers\.(\d+)(?:\.|$)")]
    private static partial Regex LayerOf();
}
