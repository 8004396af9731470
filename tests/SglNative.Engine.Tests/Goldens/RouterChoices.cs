using System.Runtime.InteropServices;
using SglNative.Core.Tensors;
using SglNative.Engine.Benchmarking;
using SglNative.Engine.Configuration;
using SglNative.Engine.Execution;
using SglNative.Engine.Loading;
using SglNative.Models.Modules;

namespace SglNative.Engine.Tests.Goldens;

/// <summary>The logits of every router for every token of a reference's prompts and greedy continuations.</summary>
internal sealed class RouterChoices : IModuleObserver
{
    private readonly Dictionary<(string Router, int Prompt, int Position), float[]> _logits = [];
    private readonly LoadedModel _loaded;
    private readonly Func<int, (int Sequence, int Position)> _tokenAt;

    private RouterChoices(ServerArgs args, LoadedModel loaded, ReferenceFile reference)
    {
        int[][] prompts = [.. reference.Prompts.Select(prompt => (int[])[.. prompt.InputIds, .. prompt.GreedyIds.SkipLast(1)])];
        _loaded = loaded;
        using var batch = new StaticBatch(args, loaded, prompts, 0);
        _tokenAt = batch.TokenAt;
        loaded.Model.Build.Observer = this;
        batch.Compute();
        loaded.Model.Build.Observer = null;
    }

    /// <summary>Runs a reference's tokens and keeps what the routers say.</summary>
    public static RouterChoices Of(ServerArgs args, LoadedModel loaded, ReferenceFile reference) => new(args, loaded, reference);

    void IModuleObserver.OnOutput(string name, in Tensor output)
    {
        if (!name.EndsWith(".mlp.gate", StringComparison.Ordinal) && !name.EndsWith(".mlp.router", StringComparison.Ordinal)) return;
        var logits = new float[output.Count];
        _loaded.Backend.Download(output, MemoryMarshal.AsBytes(logits.AsSpan()));
        var experts = (int)output.Shape[1];
        for (var row = 0; row < output.Shape[0]; row++)
        {
            var (prompt, position) = _tokenAt(row);
            _logits[(name, prompt, position)] = logits.AsSpan(row * experts, experts).ToArray();
        }
    }

    /// <summary>
    /// Tokens for which <paramref name="rounded"/> has other experts than these choices: where, and how near the tie was, the largest
    /// distance between an expert that only one took and one that only the other took, over the standard deviation of the token's logits.
    /// </summary>
    public IEnumerable<(string Router, int Prompt, int Position, double Distance)> Flips(RouterChoices rounded, int topK)
    {
        foreach (var (key, exact) in _logits)
        {
            var (mine, others) = (Chosen(exact, topK), Chosen(rounded._logits[key], topK));
            if (mine.SetEquals(others)) continue;
            var mean = exact.Average();
            var deviation = Math.Sqrt(exact.Average(v => (double)(v - mean) * (v - mean)));
            yield return (key.Router, key.Prompt, key.Position, (mine.Except(others).Max(e => exact[e]) - others.Except(mine).Min(e => exact[e])) / deviation);
        }
    }

    private static HashSet<int> Chosen(float[] logits, int topK) => [.. Enumerable.Range(0, logits.Length).OrderByDescending(e => logits[e]).Take(topK)];
}
