using SglNative.Core.Tensors;
using SglNative.Models.Operations;
using SglNative.OpsContract;

namespace SglNative.KernelSuites;

/// <summary>A routing made on the host, which stays where kernels that use it can be timed again and again.</summary>
internal sealed class RoutedPairs
{
    /// <summary>Chooses for each of <paramref name="tokens"/> tokens; with <paramref name="spare"/>, never the last expert.</summary>
    public RoutedPairs(Workbench bench, int tokens, int experts, int topK, bool spare = false)
    {
        var random = new Random(tokens + experts);
        int[] all = [.. Enumerable.Range(0, spare && experts > topK ? experts - 1 : experts)];
        Chosen = [.. Enumerable.Range(0, tokens).SelectMany(_ =>
        {
            random.Shuffle(all);
            return all[..topK];
        })];
        Weights = Array.ConvertAll(Numbers.Random(tokens * topK, topK), MathF.Abs);
        Pairs = [.. Enumerable.Range(0, Chosen.Length).OrderBy(p => Chosen[p])];
        var starts = new int[experts + 1];
        foreach (var e in Chosen) starts[e + 1]++;
        for (var e = 0; e < experts; e++) starts[e + 1] += starts[e];
        Used = Chosen.Distinct().Count();
        Routing = new ExpertRouting(bench.Upload(Chosen, tokens, topK), bench.Upload(Weights, DType.Float32, tokens, topK), bench.Upload(Pairs), bench.Upload(starts));
    }

    /// <summary>Expert of each pair.</summary>
    public int[] Chosen { get; }

    /// <summary>Weight of each pair.</summary>
    public float[] Weights { get; }

    /// <summary>Pairs in the order of their experts.</summary>
    public int[] Pairs { get; }

    /// <summary>Experts that have a token.</summary>
    public int Used { get; }

    /// <summary>All of it on the device.</summary>
    public ExpertRouting Routing { get; }
}
