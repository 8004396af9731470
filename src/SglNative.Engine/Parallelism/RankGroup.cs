using SglNative.Core;
using SglNative.Engine.Caching;
using SglNative.Models;
using SglNative.Models.Backends;

namespace SglNative.Engine.Parallelism;

/// <summary>The ranks of a loaded model: a copy of the model on each device, each with its share of the weights.</summary>
/// <param name="threads">A thread for each.</param>
/// <param name="models">The model of each, rank 0 first.</param>
/// <param name="patience">How long a rank may keep the others waiting.</param>
internal sealed class RankGroup(RankThreads threads, IReadOnlyList<CausalLM> models, TimeSpan patience) : IDisposable
{
    private readonly Lock _lock = new();
    private volatile string? _failure;

    /// <summary>Number of ranks.</summary>
    public int Count => models.Count;

    /// <summary>How long a rank may keep the others waiting.</summary>
    public TimeSpan Patience => patience;

    /// <summary>Why no step can run any more; null while all is well.</summary>
    public string? Failure => _failure;

    /// <summary>True when all ranks have met equally often.</summary>
    public bool InStep => models.All(model => Backend(model).Ops.Meetings == Backend(models[0]).Ops.Meetings);

    /// <summary>The model of a rank.</summary>
    public CausalLM Model(int rank) => models[rank];

    /// <summary>The thread of a rank.</summary>
    public RankThread Thread(int rank) => threads[rank];

    /// <summary>Frees every rank that waits for others. The group cannot be used afterwards.</summary>
    public void End(string why)
    {
        lock (_lock)
        {
            if (_failure is not null) return;
            _failure = $"{why}; the {Count} ranks of the model are no longer in step, and no further step can run: restart";
        }
        foreach (var model in models)
        {
            try
            {
                Backend(model).LeaveRanks();
            }
#pragma warning disable CA1031 // the others must be freed whatever one of them says
            catch (Exception)
#pragma warning restore CA1031
            {
            }
        }
    }

    /// <summary>Throws once the group has ended.</summary>
    /// <exception cref="SglException">Says why.</exception>
    public void ThrowIfEnded()
    {
        if (_failure is { } failure) throw new SglException(failure);
    }

    /// <summary>Does something for each rank but the first, on its thread, and waits.</summary>
    /// <exception cref="SglException">A rank failed.</exception>
    public void Follow(Action<int> work)
    {
        threads.Run(rank =>
        {
            if (rank > 0) work(rank);
        });
    }

    /// <summary>As <see cref="Follow"/>, for what is given back. A rank that never came back from its last step keeps it.</summary>
    public void Release(Action<int> work)
    {
        if (!threads.AreIdle) return;
        try
        {
            Follow(work);
        }
        catch (Exception) when (_failure is not null)
        {
            // A device that a step was broken off on may refuse even this.
        }
    }

    /// <summary>Closes the devices, together: leaving a group may wait for the others.</summary>
    public void Dispose()
    {
        if (threads.AreIdle) threads.Run(rank => Backend(models[rank]).Dispose(), patience);
        threads.Dispose();
    }

    private static Backend Backend(CausalLM model) => model.Build.Backend;
}
