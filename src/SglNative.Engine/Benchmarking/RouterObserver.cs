using SglNative.Core.Tensors;
using SglNative.Engine.Execution;
using SglNative.Models;
using SglNative.Models.Layers;
using SglNative.Models.Modules;

namespace SglNative.Engine.Benchmarking;

/// <summary>Passes on what the routers of a model choose for each token of a batch: the router, the sequence, the position, the choice.</summary>
internal sealed class RouterObserver(CausalLM model, StaticBatch batch, Action<Router, int, int, ExpertChoice> onChoice) : IModuleObserver
{
    private readonly Dictionary<string, (Router Router, float[] Correction)> _routers = model.Build.Routers.ToDictionary(
        router => router.Name, router => (router, router.Correction is { } correction ? HostTensor.Read(model.Build.Backend, correction.Value) : []));

    public void OnOutput(string name, in Tensor output)
    {
        if (!_routers.TryGetValue(name, out var known)) return;
        var logits = HostTensor.Read(model.Build.Backend, output);
        var experts = known.Router.Experts;
        for (var row = 0; row < output.Shape[0]; row++)
        {
            var (sequence, position) = batch.TokenAt(row);
            onChoice(known.Router, sequence, position, new ExpertChoice(logits.AsSpan(row * experts, experts), known.Correction, known.Router.Routing));
        }
    }
}
