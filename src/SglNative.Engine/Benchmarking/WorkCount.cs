using SglNative.Core.Tensors;
using SglNative.Engine.Loading;
using SglNative.Models.Caching;
using SglNative.Models.Layers;
using SglNative.Models.Weights;

namespace SglNative.Engine.Benchmarking;

/// <summary>
/// Counts the work of steps from a model's parameters and caches. Every matrix multiplies every token, except the table of embeddings,
/// which is looked up, the head, which multiplies the rows that logits are wanted of, and experts: each multiplies the tokens that are
/// routed to it, and is read if there is one. How many are is counted as if a router chose evenly.
/// </summary>
internal sealed class WorkCount
{
    private readonly IReadOnlyList<CacheSpec> _caches;
    private readonly int _kvBytes;
    private readonly int _queryHeads;
    private readonly double _perToken;
    private readonly double _perLogitsRow;
    // By the share of them that one token uses.
    private readonly IReadOnlyList<(double Share, double Bytes)> _weights;
    private readonly int _ranks;

    public WorkCount(LoadedModel loaded)
    {
        var build = loaded.Model.Build;
        _ranks = loaded.RankCount;
        _caches = build.Caches;
        _kvBytes = loaded.KvDType.Size();
        _queryHeads = loaded.Config.Text.FindInt("num_attention_heads") ?? 0;
        var vocabulary = new Shape(loaded.Model.VocabSize, loaded.Model.HiddenSize);
        var shares = build.Parameters.ToDictionary(parameter => parameter, parameter => ShareOf(parameter, build.Routers));
        var matrices = build.Parameters.Where(parameter => parameter.Shape.Rank >= 2).ToArray();
        Parameter[] tables = [.. matrices.Where(parameter => parameter.Parts is [{ SourceShape: var shape }] && shape == vocabulary)];
        _perLogitsRow = 2.0 * vocabulary.Count;
        _perToken = 2.0 * _ranks * matrices.Except(tables).Sum(parameter => shares[parameter] * parameter.Shape.Count);
        // Of the embedding and an untied head, one is read whole; of a tied pair, the one there is.
        _weights = [.. build.Parameters.Except(tables.Skip(1)).GroupBy(parameter => shares[parameter])
            .Select(same => (same.Key, (double)_ranks * same.Sum(parameter => parameter.ByteCount)))];
    }

    /// <summary>Each of <paramref name="sequences"/> computes its tokens from position <paramref name="start"/> up to <paramref name="end"/> and draws one.</summary>
    public StepWork Of(int sequences, int start, int end)
    {
        var tokens = (double)sequences * (end - start);
        double attended = 0, moved = 0;
        foreach (var cache in _caches)
        {
            var (window, headDim, elements) = cache switch
            {
                CacheSpec.Full full => (int.MaxValue, full.HeadDim, full.ElementsPerToken),
                CacheSpec.Sliding sliding => (sliding.Window, sliding.HeadDim, sliding.ElementsPerToken),
                _ => (int.MaxValue, 0, cache.ElementsPerToken),
            };
            // Scores and weighted sum: two products of a head's width with every key that a token sees.
            attended += 4.0 * _queryHeads * headDim * Seen(start, end, window);
            moved += (Math.Min(end, (double)window + end - start) + end - start) * elements * _kvBytes;
        }
        // What no token uses is not read.
        var read = _weights.Sum(same => same.Bytes * (1 - Math.Pow(1 - same.Share, tokens)));
        return new StepWork(tokens * _perToken + sequences * (_perLogitsRow + attended), read + _ranks * sequences * moved);
    }

    // The share of a parameter that one token uses: of stacked experts as many as its router takes, of all else the whole.
    private static double ShareOf(Parameter parameter, IEnumerable<Router> routers)
    {
        foreach (var router in routers)
            if (parameter.Shape.Rank == 3 && parameter.Shape[0] == router.Experts && parameter.Name.StartsWith(router.Name[..(router.Name.LastIndexOf('.') + 1)], StringComparison.Ordinal))
                return (double)router.Routing.TopK / router.Experts;
        return 1;
    }

    // Keys that the tokens [start, end) of a sequence see together.
    private static double Seen(int start, int end, int window)
    {
        var seen = 0.0;
        for (var position = start; position < end; position++) seen += Math.Min(position + 1, window);
        return seen;
    }
}
