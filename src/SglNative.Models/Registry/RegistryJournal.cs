namespace SglNative.Models.Registry;

/// <summary>How much a step of the registry matters.</summary>
public enum RegistrySeverity
{
    /// <summary>Every step.</summary>
    Debug,
    /// <summary>Something an operator should know, such as an override.</summary>
    Info,
    /// <summary>A plugin that could not be used.</summary>
    Warning,
}

/// <summary>One step of the registry, as a line.</summary>
/// <param name="Severity">How much it matters.</param>
/// <param name="Message">What happened.</param>
public sealed record RegistryStep(RegistrySeverity Severity, string Message);

/// <summary>
/// What happened in a registry. Module initialisers register before any logger exists: steps are kept, and told to whoever listens
/// when he comes and from then on.
/// </summary>
public sealed class RegistryJournal
{
    private readonly Lock _gate = new();
    private readonly List<RegistryStep> _steps = [];
    private Action<RegistryStep>? _listener;

    /// <summary>All steps so far.</summary>
    public IReadOnlyList<RegistryStep> Steps
    {
        get
        {
            lock (_gate) return [.. _steps];
        }
    }

    /// <summary>Tells <paramref name="listener"/> every step so far and all that follow, in place of an earlier listener.</summary>
    public void Listen(Action<RegistryStep> listener)
    {
        ArgumentNullException.ThrowIfNull(listener);
        lock (_gate)
        {
            foreach (var step in _steps) listener(step);
            _listener = listener;
        }
    }

    /// <summary>Adds a step.</summary>
    public void Add(RegistrySeverity severity, string message)
    {
        var step = new RegistryStep(severity, message);
        lock (_gate)
        {
            _steps.Add(step);
            _listener?.Invoke(step);
        }
    }

    internal RegistryJournal Copy()
    {
        var copy = new RegistryJournal();
        lock (_gate) copy._steps.AddRange(_steps);
        return copy;
    }
}
