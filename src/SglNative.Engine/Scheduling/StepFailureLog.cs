using Microsoft.Extensions.Logging;
using SglNative.Engine.Loading;
using SglNative.Interop;
using SglNative.Models.Registry;

namespace SglNative.Engine.Scheduling;

/// <summary>
/// What the log says of steps that fail: one line for each request that ends by it, with the class, its package and the cause. The stack
/// trace of a plugin's code, which is its author's concern, is told at debug alone.
/// </summary>
internal sealed class StepFailureLog(ModelInfo model, ILogger log)
{
    private Exception? _cause;
    private int _sequences;
    private int _failed;

    /// <summary>A step failed; which of its requests are to blame is not known yet.</summary>
    public void OnStep(Exception e, StepPlan plan) => (_cause, _sequences, _failed) = (e, plan.Entries.Count, 0);

    /// <summary>A request fails. Returns the id under which its client can be answered.</summary>
    public string OnRequest(Exception e, Sequence sequence)
    {
        _failed++;
        var id = NewId();
        log.LogError(IsPlugin ? null : e, "{Model} failed request {Request}: {Fault}, error id {ErrorId}", model.Owner, sequence.RequestId, ModelFault.Describe(e), id);
        TellTrace(e, id);
        return id;
    }

    /// <summary>All requests fail, and those to come: the device is lost. Returns the id.</summary>
    public string OnDevice(DeviceException e)
    {
        _cause = null;
        var id = NewId();
        log.LogError(IsPlugin ? null : e, "the device failed in a step of {Model}: {Fault}, error id {ErrorId}", model.Owner, ModelFault.Describe(e), id);
        TellTrace(e, id);
        return id;
    }

    /// <summary>All requests fail by a defect of the scheduler. Returns the id.</summary>
    public string OnScheduler(Exception e)
    {
        _cause = null;
        var id = NewId();
        log.LogError(e, "scheduler failed, error id {ErrorId}", id);
        return id;
    }

    /// <summary>All sequences of the failed step have been computed again. Where each succeeded, that is worth a line too.</summary>
    public void Close()
    {
        if (_cause is not null && _failed == 0)
            log.LogWarning(IsPlugin ? null : _cause, "{Model} failed a step of {Sequences} sequences, each of which succeeds in a smaller one: {Fault}", model.Owner, _sequences, ModelFault.Describe(_cause));
        _cause = null;
    }

    private bool IsPlugin => model.Source is ModelSource.Installed or ModelSource.ExternalPackage;

    private void TellTrace(Exception e, string id)
    {
        if (IsPlugin) log.LogDebug(e, "error id {ErrorId}", id);
    }

    private static string NewId() => Guid.NewGuid().ToString("N")[..12];
}
