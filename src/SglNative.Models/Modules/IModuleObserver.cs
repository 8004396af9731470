using SglNative.Core.Tensors;
using SglNative.Models.Batches;

namespace SglNative.Models.Modules;

/// <summary>Sees what each module returns, for dumps and for finding the first layer that goes wrong. It slows every step down.</summary>
public interface IModuleObserver
{
    /// <summary>
    /// Whether the observer follows steps that are recorded once and replayed: <see cref="OnOutput"/> is called when the step is recorded
    /// (<see cref="Backends.Backend.IsRecording"/>) and issues operations only, which every replay repeats; <see cref="BeginStep"/> and
    /// <see cref="EndStep"/> are called each time. Steps that others observe are not replayed.
    /// </summary>
    bool FollowsReplays => false;

    /// <summary>A step over <paramref name="batch"/> begins; what follows up to <see cref="EndStep"/> belongs to it.</summary>
    void BeginStep(ForwardBatch batch) { }

    /// <summary>The step is over.</summary>
    void EndStep() { }

    /// <summary>Module <paramref name="name"/> returned <paramref name="output"/>, which is valid during the call only.</summary>
    void OnOutput(string name, in Tensor output);
}
