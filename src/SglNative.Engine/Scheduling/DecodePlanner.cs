using Microsoft.Extensions.Logging;

namespace SglNative.Engine.Scheduling;

/// <summary>Gives every sequence whose prompt is computed its next token, setting the newest ones back when pages run out.</summary>
internal sealed class DecodePlanner(RunningSet set, ILogger log)
{
    public void Plan(StepPlan plan)
    {
        for (var i = 0; i < set.Running.Count; i++)
        {
            var sequence = set.Running[i];
            if (sequence.Length - sequence.Computed != 1) continue;
            while (!set.TryReserve(sequence, sequence.Length) && i < set.Running.Count)
            {
                var retracted = set.RetractNewest();
                log.LogInformation("KV cache pool is full. Retract request {Request}: #running-req: {Running}, #queue-req: {Waiting}",
                    retracted.RequestId, set.Running.Count, set.WaitingCount);
                if (retracted == sequence) return;
            }
            plan.Add(sequence, 1);
        }
    }
}
