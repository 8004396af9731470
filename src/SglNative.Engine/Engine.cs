using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using SglNative.Core;
using SglNative.Core.Progress;
using SglNative.Engine.Caching;
using SglNative.Engine.Configuration;
using SglNative.Engine.Execution;
using SglNative.Engine.Execution.Graphs;
using SglNative.Engine.Generation;
using SglNative.Engine.Loading;
using SglNative.Engine.Sampling;
using SglNative.Engine.Scheduling;
using SglNative.Models.Registry;
using SglNative.Tokenizers;

namespace SglNative.Engine;

/// <summary>
/// A model that answers, in process: the thing the server stands on. All methods may be called by any number of threads; requests
/// run concurrently and share the device.
/// </summary>
public sealed class Engine : IAsyncDisposable, IDisposable
{
    /// <summary>The most outputs of one call: prompts times N.</summary>
    public const int MaxOutputs = 4096;

    // One failing step may be one bad request; so many in a row are the device.
    private const int FailuresThatCount = 3;
    private const string ShuttingDown = "the server is shutting down";

    private readonly LoadedModel _loaded;
    private readonly KvPool _pool;
    private readonly StepRunner _runner;
    private readonly Scheduler _scheduler;
    private readonly SamplingResolver _sampling;
    private readonly ServerArgs _args;
    private readonly ConcurrentDictionary<string, Sequence[]> _active = new(StringComparer.Ordinal);
    private readonly int _longestToken;
    private volatile bool _stopping;
    private int _disposed;

    private Engine(ServerArgs args, LoadedModel loaded, HfTokenizer? tokenizer, ILogger log, IByteProgress progress)
    {
        (_args, _loaded, Tokenizer) = (args, loaded, tokenizer);
        var limits = EngineLimits.For(args, loaded);
        _pool = loaded.CreatePool(loaded.Info.MaxTotalTokens / loaded.Info.PageSize + 1, loaded.Info.MaxStates);
        foreach (var warning in loaded.Info.Warnings) log.LogWarning("{Warning}", warning);
        _runner = GraphCapture.CreateRunner(args, loaded, _pool, limits.MaxRunning, log, progress);
        Stats = new SchedulerStats(log, args.DecodeLogInterval);
        _scheduler = new Scheduler(_runner, _pool, limits, Stats, loaded.Info, log);
        var defaults = args.SamplingDefaults == SamplingDefaults.Model ? loaded.Generation : new Core.Configuration.GenerationConfig();
        _sampling = new SamplingResolver(defaults, EndTokens(loaded, tokenizer), loaded.Info.VocabSize, args.RandomSeed);
        _longestToken = tokenizer is null ? 0 : Enumerable.Range(0, tokenizer.IdLimit).Max(id => tokenizer.IdToToken(id)?.Length ?? 0);
    }

    /// <summary>What is served.</summary>
    public ModelInfo Model => _loaded.Info;

    /// <summary>The device.</summary>
    internal Models.Backends.Backend Backend => _loaded.Backend;

    /// <summary>Its tokenizer; null with <see cref="ServerArgs.SkipTokenizerInit"/>.</summary>
    public HfTokenizer? Tokenizer { get; }

    /// <summary>The checkpoint's generation defaults.</summary>
    public Core.Configuration.GenerationConfig GenerationDefaults => _loaded.Generation;

    /// <summary>What the scheduler is doing.</summary>
    public SchedulerStats Stats { get; }

    /// <summary>Why no request can be served: a shutdown, ranks that fell apart, a lost device, or one that fails at every step. Null while all is well.</summary>
    public string? Failure => _stopping ? ShuttingDown : Lost is { } lost ? lost
        : Stats.FailuresInARow >= FailuresThatCount ? $"the last {Stats.FailuresInARow} steps failed, see the log" : null;

    /// <summary>Loads a model and starts its engine.</summary>
    /// <param name="args">What to serve and how.</param>
    /// <param name="log">Where the engine logs; nowhere where null.</param>
    /// <param name="registry">
    /// The architectures that are known; <see cref="ModelRegistry.Default"/> where null. It is copied, and the plugins of this run are
    /// added to the copy; a frozen one (<see cref="ModelDiscovery.Discover"/>) is used as it is.
    /// </param>
    /// <param name="progress">Told how far the start has come.</param>
    /// <param name="cancellation">Ends a download that is under way.</param>
    /// <exception cref="SglException">The model cannot be served.</exception>
    public static async Task<Engine> StartAsync(
        ServerArgs args, ILogger? log = null, ModelRegistry? registry = null, IByteProgress? progress = null, CancellationToken cancellation = default)
    {
        log ??= NullLogger.Instance;
        var known = ModelDiscovery.Discover(args, registry, log);
        var directory = await ModelDirectory.ResolveAsync(args, progress, cancellation).ConfigureAwait(false);
        var tokenizer = args.SkipTokenizerInit ? null : await TokenizerLoader.LoadAsync(args, directory, progress, cancellation).ConfigureAwait(false);
        var stoppable = new StoppableProgress(progress, cancellation);
        var loaded = ModelLoader.Load(args, directory, DeviceOpener.Ranks(args), known, stoppable);
        try
        {
            return new Engine(args, loaded, tokenizer, log, stoppable);
        }
        catch
        {
            loaded.Dispose();
            throw;
        }
    }

    /// <summary>Continues one prompt; all N outputs, in order.</summary>
    /// <exception cref="SglException">The request asks for something impossible.</exception>
    /// <exception cref="EngineException">The engine failed while computing it.</exception>
    public async Task<IReadOnlyList<GenerateOutput>> GenerateAsync(GenerateRequest request, CancellationToken cancellation = default)
    {
        var collected = new OutputCollector(request);
        await foreach (var chunk in StreamAsync(request, cancellation).ConfigureAwait(false)) collected.Add(chunk);
        return collected.Outputs();
    }

    /// <summary>As <see cref="GenerateAsync"/>, waiting.</summary>
    public IReadOnlyList<GenerateOutput> Generate(GenerateRequest request) => GenerateAsync(request).GetAwaiter().GetResult();

    /// <summary>
    /// Continues one prompt and gives its text as it becomes known, outputs mixed. The request is checked before this returns;
    /// ending the enumeration early, or cancelling, aborts it.
    /// </summary>
    /// <exception cref="SglException">The request asks for something impossible.</exception>
    public IAsyncEnumerable<GenerateChunk> StreamAsync(GenerateRequest request, CancellationToken cancellation = default)
    {
        var (id, sequences) = Prepare(request);
        return RunAsync(id, sequences, request, cancellation);
    }

    /// <summary>
    /// Continues several prompts, each with as many outputs: output j of prompt i has index i · N + j. All are checked before this
    /// returns.
    /// </summary>
    /// <exception cref="SglException">A request asks for something impossible.</exception>
    public IAsyncEnumerable<GenerateChunk> StreamAsync(IReadOnlyList<GenerateRequest> requests, CancellationToken cancellation = default)
    {
        if (requests.Count == 0) throw new SglException("the batch is empty, expected at least one prompt");
        if (requests.Count == 1) return StreamAsync(requests[0], cancellation);
        if ((long)requests.Count * requests.Max(request => request.Sampling.N) > MaxOutputs)
            throw new SglException($"the batch has more than {MaxOutputs} outputs ({requests.Count} prompts with n each): send it in parts");
        var prepared = requests.Select(Prepare).ToArray();
        if (prepared.CountBy(request => request.Id, StringComparer.Ordinal).FirstOrDefault(id => id.Value > 1) is { Key: { } repeated })
            throw new SglException($"request id '{repeated}' is given to {requests.Count} requests, expected one each");
        return ChunkMerge.MergeAsync([.. requests.Select<GenerateRequest, Func<CancellationToken, IAsyncEnumerable<GenerateChunk>>>(
            (request, i) => token => Renumber(RunAsync(prepared[i].Id, prepared[i].Sequences, request, token), i * request.Sampling.N))], cancellation);
    }

    /// <summary>
    /// Throws for a text that cannot fit the context by its length alone, so that megabytes are refused before minutes of rendering or
    /// tokenization. A normalizer may shrink a text, but hardly to a quarter.
    /// </summary>
    /// <exception cref="SglException">The text is far too long.</exception>
    public void EnsureMayFit(long characters)
    {
        var longest = Math.Min(Model.ContextLength, Model.MaxTotalTokens);
        if (Tokenizer is not null && !_args.AllowAutoTruncate && characters / 4 > (long)longest * _longestToken)
            throw TooLong($"{characters} characters, more than fit", longest);
    }

    /// <summary>Aborts the request of that name; true when there was one.</summary>
    public bool Abort(string requestId)
    {
        if (!_active.TryGetValue(requestId, out var sequences)) return false;
        foreach (var sequence in sequences) sequence.Abort();
        return true;
    }

    /// <summary>Ends every request with <see cref="EngineUnavailableException"/> and takes no more. Returns when the last step is done.</summary>
    public void Stop()
    {
        _stopping = true;
        _scheduler.Dispose();
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        if (Interlocked.Exchange(ref _disposed, 1) != 0) return;
        Stop();
        _runner.Dispose();
        _pool.Dispose();
        _loaded.Dispose();
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync()
    {
        Dispose();
        return ValueTask.CompletedTask;
    }

    private static async IAsyncEnumerable<GenerateChunk> Renumber(IAsyncEnumerable<GenerateChunk> chunks, int offset)
    {
        await foreach (var chunk in chunks.ConfigureAwait(false)) yield return chunk with { Index = chunk.Index + offset };
    }

    private async IAsyncEnumerable<GenerateChunk> RunAsync(
        string id, Sequence[] sequences, GenerateRequest request, [EnumeratorCancellation] CancellationToken cancellation)
    {
        if (!_active.TryAdd(id, sequences)) throw new SglException($"request id '{id}' is in use already");
        try
        {
            foreach (var sequence in sequences) _scheduler.Submit(sequence);
            var chunks = sequences.Length == 1
                ? SequenceReader.ReadAsync(sequences[0], Tokenizer, request, cancellation)
                : ChunkMerge.MergeAsync([.. sequences.Select<Sequence, Func<CancellationToken, IAsyncEnumerable<GenerateChunk>>>(
                    sequence => token => SequenceReader.ReadAsync(sequence, Tokenizer, request, token))], cancellation);
            await foreach (var chunk in chunks.ConfigureAwait(false))
            {
                if (chunk.Finish is FinishReason.Abort { IsError: true } failure)
                    throw _stopping ? new EngineUnavailableException(ShuttingDown) : new EngineException(failure.Message, failure.Cause!);
                yield return chunk;
            }
        }
        finally
        {
            foreach (var sequence in sequences) sequence.Abort();
            _active.TryRemove(id, out _);
        }
    }

    // Nothing can be computed any more.
    private string? Lost => _loaded.Ranks?.Failure ?? _scheduler.DeviceFailure;

    private (string Id, Sequence[] Sequences) Prepare(GenerateRequest request)
    {
        if (_stopping) throw new EngineUnavailableException(ShuttingDown);
        if (Lost is { } lost) throw new EngineUnavailableException(lost);
        _sampling.Validate(request.Sampling);
        if (Tokenizer is null && request.Sampling.Stop.Count > 0) throw new SglException("stop strings need a tokenizer, and the server runs with --skip-tokenizer-init");
        if (request.TopLogProbs < 0 || request.TopLogProbs > Math.Min(Models.Operations.Ops.MaxTopLogProbs, Model.VocabSize))
            throw new SglException($"top_logprobs is {request.TopLogProbs}, expected in [0, {Math.Min(Models.Operations.Ops.MaxTopLogProbs, Model.VocabSize)}]");
        if (_args.MaxQueuedRequests is { } most && Stats.Waiting >= most)
            throw new EngineUnavailableException($"the queue is full ({most} requests wait); try again later");
        var prompt = PromptIds(request);
        var left = Model.ContextLength - prompt.Length;
        if (request.Sampling.MaxNewTokens > left && !_args.AllowAutoTruncate)
            throw new SglException($"{request.Sampling.MaxNewTokens} new tokens are asked for after a prompt of {prompt.Length}, and the model's context length is {Model.ContextLength}: ask for at most {left}");
        if (request.LogProbStart >= prompt.Length) throw new SglException($"logprob_start_len is {request.LogProbStart}, expected below the prompt's {prompt.Length} tokens");
        var id = request.RequestId ?? Guid.NewGuid().ToString("N");
        if (_active.ContainsKey(id)) throw new SglException($"request id '{id}' is in use already");
        var room = Math.Min(left, Model.MaxTotalTokens - prompt.Length);
        var sequences = new Sequence[request.Sampling.N];
        for (var i = 0; i < sequences.Length; i++) sequences[i] = new Sequence(id, i, prompt, _sampling.Resolve(request, i, room));
        return (id, sequences);
    }

    private int[] PromptIds(GenerateRequest request)
    {
        int[] ids;
        var longest = Math.Min(Model.ContextLength, Model.MaxTotalTokens);
        if (request.InputIds is { } given)
        {
            ids = [.. given];
            foreach (var id in ids)
                if ((uint)id >= (uint)Model.VocabSize) throw new SglException($"input_ids holds {id}, expected token ids in [0, {Model.VocabSize - 1}]");
        }
        else
        {
            if (request.Text is null) throw new SglException("the request has neither text nor input_ids");
            if (Tokenizer is null) throw new SglException("text prompts need a tokenizer, and the server runs with --skip-tokenizer-init; send input_ids");
            EnsureMayFit(request.Text.Length);
            ids = Tokenizer.EncodeToIds(request.Text, request.AddSpecialTokens);
            foreach (var id in ids)
                if ((uint)id >= (uint)Model.VocabSize) throw new SglException($"the tokenizer gives token {id}, but the model's vocabulary has {Model.VocabSize}: is --tokenizer-path right?");
        }
        if (ids.Length == 0) throw new SglException("the prompt is empty: expected at least one token");
        if (ids.Length < longest || (ids.Length == longest && request.Sampling.MaxNewTokens == 0)) return ids;
        if (_args.AllowAutoTruncate) return ids[..(longest - 1)];
        throw TooLong($"{ids.Length} tokens", longest);
    }

    private SglException TooLong(string length, int longest)
    {
        var limit = longest == Model.ContextLength ? "the model's context length" : "the tokens that the KV cache holds (see --mem-fraction-static, --max-total-tokens)";
        return new SglException($"the prompt has {length}, and {limit} is {longest}: shorten it to at most {longest - 1} tokens");
    }

    private static HashSet<int> EndTokens(LoadedModel loaded, HfTokenizer? tokenizer)
    {
        var ends = new HashSet<int>(loaded.Generation.EosTokenIds);
        ends.UnionWith(loaded.Config.Text.FindOneOrMoreInts("eos_token_id"));
        if (tokenizer?.EosTokenId is { } eos) ends.Add(eos);
        // A checkpoint may name a token that it has no logit for; it is never drawn, and must not be forbidden either.
        ends.RemoveWhere(id => (uint)id >= (uint)loaded.Info.VocabSize);
        return ends;
    }
}
