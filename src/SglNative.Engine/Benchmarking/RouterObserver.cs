using System.Runtime.InteropServices;
using SglNative.Core.Tensors;
using SglNative.Engine.Execution;
using SglNative.Models;
using SglNative.Models.Backends;
using SglNative.Models.Batches;
using SglNative.Models.Layers;
using SglNative.Models.Modules;

namespace SglNative.Engine.Benchmarking;

/// <summary>
/// Passes on what the routers of a model choose for each token of a batch: the router, the sequence, the position, the choice. Of a step
/// that is replayed, the graph leaves copies of the routers' logits.
/// </summary>
internal sealed class RouterObserver : IModuleObserver, IDisposable
{
    private readonly Backend _backend;
    private readonly StaticBatch _batch;
    private readonly Action<Router, int, int, ExpertChoice> _onChoice;
    private readonly Dictionary<string, Watched> _routers = new(StringComparer.Ordinal);
    private bool _seen;

    public RouterObserver(CausalLM model, StaticBatch batch, Action<Router, int, int, ExpertChoice> onChoice)
    {
        (_backend, _batch, _onChoice) = (model.Build.Backend, batch, onChoice);
        foreach (var router in model.Build.Routers)
            _routers[router.Name] = new Watched(router, router.Correction is { } correction ? HostTensor.Read(_backend, correction.Value) : [],
                batch.CapturedSize > 0 ? _backend.Allocate(new Shape(batch.CapturedSize, router.Experts), DType.Float32) : default);
    }

    public bool FollowsReplays => true;

    public void BeginStep(ForwardBatch batch) => _seen = false;

    public void OnOutput(string name, in Tensor output)
    {
        if (!_routers.TryGetValue(name, out var watched)) return;
        if (_backend.IsRecording)
        {
            _backend.Ops.Copy(output, watched.Copy.Slice(0, 0, output.Shape[0]));
            return;
        }
        _seen = true;
        Report(watched, HostTensor.Read(_backend, output));
    }

    public void EndStep()
    {
        if (_seen) return;
        foreach (var watched in _routers.Values)
        {
            var logits = new float[_batch.StepTokens * watched.Router.Experts];
            _backend.Download(watched.Copy.Slice(0, 0, _batch.StepTokens), MemoryMarshal.AsBytes(logits.AsSpan()));
            Report(watched, logits);
        }
    }

    public void Dispose()
    {
        foreach (var watched in _routers.Values)
            if (!watched.Copy.IsNull) _backend.Free(watched.Copy);
        _routers.Clear();
    }

    private void Report(Watched watched, float[] logits)
    {
        var experts = watched.Router.Experts;
        for (var row = 0; row < logits.Length / experts; row++)
        {
            var (sequence, position) = _batch.TokenAt(row);
            _onChoice(watched.Router, sequence, position, new ExpertChoice(logits.AsSpan(row * experts, experts), watched.Correction, watched.Router.Routing));
        }
    }

    private readonly record struct Watched(Router Router, float[] Correction, Tensor Copy);
}
