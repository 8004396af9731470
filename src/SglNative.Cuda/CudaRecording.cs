using SglNative.Interop;
using SglNative.Models.Backends;

namespace SglNative.Cuda;

/// <summary>A captured graph, replayed in the backend's stream.</summary>
internal sealed class CudaRecording : RecordedOperations
{
    private readonly ExecutableGraph _graph;
    private readonly DeviceStream _stream;

    public CudaRecording(DeviceGraph captured, DeviceStream stream)
    {
        (_stream, Count) = (stream, captured.NodeCount);
        _graph = captured.Instantiate();
        _graph.Upload(stream);
    }

    /// <inheritdoc/>
    public override int Count { get; }

    /// <inheritdoc/>
    public override void Replay() => _graph.Launch(_stream);

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        if (disposing) _graph.Dispose();
    }
}
