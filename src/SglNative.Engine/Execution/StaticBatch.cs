using SglNative.Core;
using SglNative.Engine.Caching;
using SglNative.Engine.Configuration;
using SglNative.Engine.Execution.Graphs;
using SglNative.Engine.Loading;
using SglNative.Engine.Scheduling;

namespace SglNative.Engine.Execution;

/// <summary>
/// A fixed set of sequences, run without a scheduler by the same steps that serve: for benchmarks and comparisons. Its pages are
/// reserved when it is made. Used by one thread.
/// </summary>
public sealed class StaticBatch : IDisposable
{
    private readonly LoadedModel _loaded;
    private readonly KvPool _pool;
    private readonly StepRunner _runner;
    private readonly StepPlan _plan = new();
    private readonly Sequence[] _sequences;
    private readonly int[] _next;
    private readonly int _capacity;
    private readonly int _stepTokens;

    /// <summary>A batch of prompts, none computed yet.</summary>
    /// <param name="args">Page and chunk sizes.</param>
    /// <param name="loaded">The model; not disposed with the batch.</param>
    /// <param name="prompts">Token ids of each sequence.</param>
    /// <param name="newTokens">Tokens that will be appended to each sequence at most.</param>
    /// <param name="reader">Sees raw logits where they are wanted.</param>
    /// <exception cref="SglException">A prompt is empty or has a token that the model has not, or the batch does not fit.</exception>
    public StaticBatch(ServerArgs args, LoadedModel loaded, IReadOnlyList<int[]> prompts, int newTokens, ILogitsReader? reader = null)
    {
        var info = loaded.Info;
        Check(prompts, newTokens, info);
        _loaded = loaded;
        _next = new int[prompts.Count];
        _capacity = newTokens;
        _stepTokens = Math.Max(EngineLimits.ChunkTokens(args, loaded), prompts.Count);
        var pages = prompts.Sum(prompt => PagesFor(prompt.Length + newTokens, info.PageSize));
        if (pages > info.MaxTotalTokens / info.PageSize)
            throw new SglException($"the batch needs {pages * info.PageSize} tokens of KV cache and {info.MaxTotalTokens} fit: "
                + "use fewer or shorter sequences, or raise --mem-fraction-static or --max-total-tokens");
        var hasStates = info.MaxStates > 0;
        if (hasStates && prompts.Count > info.MaxStates)
            throw new SglException($"the batch has {prompts.Count} sequences and the recurrent states of {info.MaxStates} fit: "
                + "use fewer sequences, or raise --mem-fraction-static or --max-running-requests");
        _pool = loaded.CreatePool((int)pages + 1, hasStates ? prompts.Count : 0);
        // As a server captures them, but none before it is needed.
        var sizes = GraphSizes.For(args, loaded.Backend, loaded.Model, args.MaxRunningRequests ?? Math.Max(EngineLimits.MostRunning, prompts.Count)).UpTo(prompts.Count);
        CapturedSize = sizes.SizeFor(prompts.Count);
        _runner = new StepRunner(loaded.Backend, loaded.Model, _pool, sizes, info.ContextLength, reader, loaded.CreateFollowers(_pool, sizes));
        _runner.CaptureOnDemand();
        var options = new SequenceOptions { MaxNewTokens = newTokens, StopTokens = new HashSet<int>(), Seed = 0, Temperature = 0 };
        _sequences = new Sequence[prompts.Count];
        for (var i = 0; i < _sequences.Length; i++)
        {
            _sequences[i] = new Sequence("static", i, prompts[i], options);
            _sequences[i].StateSlot = _pool.States.Take();
            _pool.Pages.TryGrow(_sequences[i].Pages, _pool.Pages.PagesFor(prompts[i].Length + newTokens));
        }
    }

    /// <summary>Number of sequences.</summary>
    public int Count => _sequences.Length;

    /// <summary>The batch size that decode steps of all sequences are captured for, padded; 0 where they are not captured.</summary>
    public int CapturedSize { get; }

    /// <summary>Tokens of the step that is under way, or was last; those that pad it not counted.</summary>
    public int StepTokens => _plan.TokenCount;

    /// <summary>Steps so far that replayed a captured graph.</summary>
    public int ReplayedSteps { get; private set; }

    /// <summary>The most probable next token of each sequence, once all of its tokens are computed.</summary>
    public IReadOnlyList<int> NextTokens => _next;

    /// <summary>The tokens of a sequence.</summary>
    public ReadOnlySpan<int> Tokens(int sequence) => _sequences[sequence].Tokens;

    /// <summary>The sequence and position of a row of the step that is under way; for observers of modules.</summary>
    public (int Sequence, int Position) TokenAt(int row)
    {
        foreach (var entry in _plan.Entries)
        {
            if (row < entry.Tokens) return (entry.Sequence.Index, entry.Sequence.Computed + row);
            row -= entry.Tokens;
        }
        throw new ArgumentOutOfRangeException(nameof(row));
    }

    /// <summary>Adds a token to a sequence; it is computed by the next <see cref="Compute"/>.</summary>
    /// <exception cref="InvalidOperationException">More tokens than the batch was made for.</exception>
    public void Append(int sequence, int token)
    {
        if (_sequences[sequence].Generated == _capacity) throw new InvalidOperationException($"the batch was made for {_capacity} new tokens a sequence");
        _sequences[sequence].Append(token);
    }

    /// <summary>
    /// Computes every sequence's tokens below position <paramref name="end"/> that are not computed yet, using the cache of those that
    /// are, in steps of at most the chunk size.
    /// </summary>
    /// <param name="end">How far; by default all.</param>
    /// <param name="cancellation">Ends the work between two steps.</param>
    /// <exception cref="SglException">The code of a model that is not built in threw.</exception>
    public void Compute(int end = int.MaxValue, CancellationToken cancellation = default)
    {
        while (PlanStep(end))
        {
            cancellation.ThrowIfCancellationRequested();
            var result = Run();
            if (result.Replayed) ReplayedSteps++;
            foreach (var draw in result.Draws) _next[draw.Sequence.Index] = draw.Token;
            foreach (var entry in _plan.Entries) entry.Sequence.Computed = entry.End;
        }
    }

    /// <summary>Captures what decode steps of all sequences will replay, so that the first of them is like the others.</summary>
    /// <exception cref="SglException">The model cannot be captured.</exception>
    public void Capture() => _runner.Capture(CapturedSize);

    /// <inheritdoc/>
    public void Dispose()
    {
        _runner.Dispose();
        _pool.Dispose();
        _loaded.Backend.Ops.Arena.BeginStep();
    }

    private StepResult Run()
    {
        try
        {
            return _runner.Run(_plan);
        }
        catch (Exception e) when (PluginFault.IsOf(_loaded.Info.Source, e))
        {
            throw PluginFault.Make(_loaded.Info.Owner, e);
        }
    }

    private bool PlanStep(int end)
    {
        _plan.Clear();
        foreach (var sequence in _sequences)
        {
            var tokens = Math.Min(Math.Min(end, sequence.Length) - sequence.Computed, _stepTokens - _plan.TokenCount);
            if (tokens > 0) _plan.Add(sequence, tokens);
        }
        return _plan.TokenCount > 0;
    }

    private static void Check(IReadOnlyList<int[]> prompts, int newTokens, ModelInfo info)
    {
        for (var i = 0; i < prompts.Count; i++)
        {
            if (prompts[i].Length == 0) throw new SglException($"prompt {i} is empty: expected at least one token");
            foreach (var id in prompts[i])
                if ((uint)id >= (uint)info.VocabSize) throw new SglException($"prompt {i} holds token {id}, expected token ids in [0, {info.VocabSize - 1}]");
            var length = (long)prompts[i].Length + newTokens;
            if (length > info.ContextLength)
                throw new SglException($"prompt {i} has {prompts[i].Length} tokens and {newTokens} are to be added, but the context length is {info.ContextLength}: "
                    + "shorten it or raise --context-length, as far as the model allows");
        }
    }

    private static long PagesFor(long tokens, int pageSize) => (tokens + pageSize - 1) / pageSize;
}
