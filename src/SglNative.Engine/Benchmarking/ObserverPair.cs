using SglNative.Core.Tensors;
using SglNative.Models.Batches;
using SglNative.Models.Modules;

namespace SglNative.Engine.Benchmarking;

/// <summary>Two observers of the same steps, one after the other.</summary>
internal sealed class ObserverPair(IModuleObserver first, IModuleObserver second) : IModuleObserver
{
    public bool FollowsReplays => first.FollowsReplays && second.FollowsReplays;

    public void BeginStep(ForwardBatch batch)
    {
        first.BeginStep(batch);
        second.BeginStep(batch);
    }

    public void OnOutput(string name, in Tensor output)
    {
        first.OnOutput(name, output);
        second.OnOutput(name, output);
    }

    public void EndStep()
    {
        first.EndStep();
        second.EndStep();
    }
}
