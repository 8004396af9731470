using SglNative.Core;
using SglNative.Core.Tensors;
using SglNative.Engine.Configuration;
using SglNative.Engine.Execution;
using SglNative.Engine.Loading;
using SglNative.Models.Layers;
using SglNative.Models.Modules;

namespace SglNative.Engine.Benchmarking;

/// <summary>
/// Runs a reference's prompts, then feeds its greedy ids one by one, and compares the logits at every position that it holds: those of
/// the prompt after the prefill, and those of every decode step.
/// </summary>
public sealed class ReferenceComparison : ILogitsReader
{
    // Far below what any defect gives, far above the rounding of float32.
    private const double Float32HiddenRms = 1e-3;

    private readonly ServerArgs _args;
    private readonly LoadedModel _loaded;
    private readonly IReadOnlyList<ReferencePrompt> _prompts;
    private readonly List<LogitsDifference>[] _prefill;
    private readonly List<LogitsDifference>[] _decode;
    private readonly float[] _row;
    private readonly RouterTies _ties = new();
    private int _first;

    private ReferenceComparison(ServerArgs args, LoadedModel loaded, ReferenceFile reference)
    {
        (_args, _loaded, _prompts) = (args, loaded, reference.Prompts);
        _prefill = [.. _prompts.Select(_ => new List<LogitsDifference>())];
        _decode = [.. _prompts.Select(_ => new List<LogitsDifference>())];
        _row = new float[loaded.Info.VocabSize];
    }

    /// <summary>Compares a model with a reference.</summary>
    /// <param name="args">Page and chunk sizes.</param>
    /// <param name="loaded">The model.</param>
    /// <param name="reference">What to compare with.</param>
    /// <param name="batchSize">Prompts in a batch; null for all in one.</param>
    /// <param name="bound">Largest difference in place of the usual ones; see <see cref="NumericTolerance.For"/>.</param>
    /// <param name="cancellation">Ends the work between two steps.</param>
    /// <exception cref="SglException">The prompts do not fit the model or its memory.</exception>
    public static ReferenceReport Run(
        ServerArgs args, LoadedModel loaded, ReferenceFile reference, int? batchSize = null, double? bound = null, CancellationToken cancellation = default)
    {
        var tolerance = NumericTolerance.For(loaded.Info.DType, bound, loaded.Model.Build.Routers.Count > 0);
        return Run(args, loaded, reference, tolerance, batchSize, cancellation);
    }

    /// <summary>Compares a model with a reference by a tolerance of one's own.</summary>
    /// <inheritdoc cref="Run(ServerArgs, LoadedModel, ReferenceFile, int?, double?, CancellationToken)"/>
    public static ReferenceReport Run(
        ServerArgs args, LoadedModel loaded, ReferenceFile reference, NumericTolerance tolerance, int? batchSize = null, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(tolerance);
        var comparison = new ReferenceComparison(args, loaded, reference);
        var hiddenRms = loaded.Info.DType == DType.Float32 ? Float32HiddenRms : tolerance.WorstRms;
        HiddenStateReport? hidden = null;
        foreach (var prompts in reference.Prompts.Chunk(batchSize ?? reference.Prompts.Count))
        {
            var states = prompts.Any(prompt => prompt.HiddenStates is not null) ? new HiddenStateComparison(loaded.Model, prompts, hiddenRms) : null;
            comparison.RunBatch(prompts, states, tolerance.Excesses > 0, cancellation);
            comparison._first += prompts.Length;
            if (states is not null) hidden = states.Report.Merge(hidden);
        }
        return new ReferenceReport(reference.Path, tolerance, comparison.Parts(), hidden) { Excesses = comparison.Excesses(tolerance) };
    }

    /// <inheritdoc/>
    public bool Wants(int sequence, int position)
    {
        var prompt = _prompts[_first + sequence];
        return prompt.PrefillRow(position) >= 0 || prompt.DecodeRow(position) >= 0;
    }

    /// <inheritdoc/>
    public void Read(int sequence, int position, ReadOnlySpan<float> logits)
    {
        var prompt = _prompts[_first + sequence];
        if (prompt.PrefillRow(position) is >= 0 and var prefillRow)
        {
            TensorRows.ReadFloats(prompt.PrefillLogits, prefillRow, _row);
            _prefill[_first + sequence].Add(LogitsDifference.Of(position, logits, _row));
        }
        if (prompt.DecodeRow(position) is >= 0 and var decodeRow)
        {
            TensorRows.ReadFloats(prompt.DecodeLogits!, decodeRow, _row);
            _decode[_first + sequence].Add(LogitsDifference.Of(position, logits, _row));
        }
    }

    private void RunBatch(ReferencePrompt[] prompts, HiddenStateComparison? states, bool routed, CancellationToken cancellation)
    {
        // The last greedy id is what the last row of logits gives; it is not fed.
        var steps = Math.Max(0, prompts.Max(prompt => prompt.GreedyIds.Length) - 1);
        using var batch = new StaticBatch(_args, _loaded, [.. prompts.Select(prompt => prompt.InputIds)], steps, this);
        var build = _loaded.Model.Build;
        var observer = build.Observer;
        using var routers = routed ? new RouterObserver(_loaded.Model, batch, Keep) : null;
        try
        {
            if (routers is not null) build.Observer = Beside(build.Observer, routers);
            var decode = build.Observer;
            if (states is not null)
            {
                states.Batch = batch;
                build.Observer = Beside(build.Observer, states);
            }
            batch.Compute(cancellation: cancellation);
            build.Observer = decode;
            for (var step = 0; step < steps; step++)
            {
                for (var i = 0; i < prompts.Length; i++)
                    if (step + 1 < prompts[i].GreedyIds.Length) batch.Append(i, prompts[i].GreedyIds[step]);
                batch.Compute(cancellation: cancellation);
            }
        }
        finally
        {
            build.Observer = observer;
        }
    }

    private void Keep(Router router, int sequence, int position, ExpertChoice choice)
    {
        if (choice.Nearest() is { } nearest) _ties.Add(router.Name, _first + sequence, position, nearest, choice.Variance);
    }

    private List<Excess> Excesses(NumericTolerance tolerance)
    {
        var excesses = new List<Excess>();
        if (tolerance.Excesses == 0) return excesses;
        foreach (var part in Parts())
            foreach (var difference in part.Differences)
                if (!tolerance.Allows(difference))
                    excesses.Add(new Excess(part.Prompt, part.Name, difference, _ties.Explain(part.Prompt, difference.Position, tolerance.NearTie)));
        return excesses;
    }

    private static IModuleObserver Beside(IModuleObserver? first, IModuleObserver second) => first is null ? second : new ObserverPair(first, second);

    private List<ComparedPart> Parts()
    {
        var parts = new List<ComparedPart>();
        for (var i = 0; i < _prompts.Count; i++)
        {
            var (tokens, prefill, decode) = (_prompts[i].InputIds.Length, _prefill[i], _decode[i]);
            if (prefill.Count != _prompts[i].Positions.Length || decode.Count != _prompts[i].GreedyIds.Length)
                throw new InvalidOperationException($"prompt {i}: {prefill.Count} and {decode.Count} positions were compared");
            if (prefill.Count > 0) parts.Add(new ComparedPart(i, "prefill", tokens, prefill));
            if (decode.Count > 0) parts.Add(new ComparedPart(i, "decode", tokens, decode));
        }
        return parts;
    }
}
