using System.Threading.Channels;
using SglNative.Engine.Generation;
using SglNative.Engine.Sampling;

namespace SglNative.Engine.Scheduling;

/// <summary>
/// One output on its way: its tokens, how many of them the cache holds, and where. 0 ≤ <see cref="Computed"/> ≤
/// <see cref="Length"/>; a token is drawn when a step has computed all of them. Setting a sequence back is setting Computed to 0.
/// Owned by the scheduler's thread; callers see <see cref="Outputs"/> and <see cref="IsAborted"/> alone.
/// </summary>
internal sealed class Sequence
{
    private readonly Channel<SequenceEvent> _events = Channel.CreateUnbounded<SequenceEvent>(new() { SingleReader = true, SingleWriter = true });
    private int[] _tokens;
    private List<PositionLogProbs>? _promptLogProbs;
    private volatile bool _aborted;

    public Sequence(string requestId, int index, ReadOnlySpan<int> prompt, SequenceOptions options)
    {
        RequestId = requestId;
        Index = index;
        Options = options;
        PromptLength = prompt.Length;
        Length = prompt.Length;
        _tokens = new int[prompt.Length + Math.Min(options.MaxNewTokens, 256)];
        prompt.CopyTo(_tokens);
        NextPromptLogProb = Math.Max(0, options.PromptLogProbStart);
        Edits = LogitEditList.For(options, prompt);
    }

    public string RequestId { get; }

    public int Index { get; }

    public SequenceOptions Options { get; }

    public int PromptLength { get; }

    /// <summary>Tokens of prompt and output.</summary>
    public int Length { get; private set; }

    /// <summary>Tokens whose keys and values the cache holds.</summary>
    public int Computed { get; set; }

    /// <summary>Tokens of the output.</summary>
    public int Generated => Length - PromptLength;

    public int Retractions { get; set; }

    /// <summary>Pages of the KV pool, in the order of the tokens.</summary>
    public List<int> Pages { get; } = [];

    /// <summary>Row of the state pools while it runs; 0 while it waits, and for models without states.</summary>
    public int StateSlot { get; set; }

    /// <summary>What penalties and biases do to this sequence's logits; null when nothing.</summary>
    public LogitEditList? Edits { get; }

    /// <summary>The first prompt position whose log probability is still to be computed.</summary>
    public int NextPromptLogProb { get; private set; }

    /// <summary>Prompt log probabilities of a chunked prompt are kept until its first token is drawn, then handed out once.</summary>
    public IReadOnlyList<PositionLogProbs>? TakePromptLogProbs()
    {
        var all = _promptLogProbs;
        _promptLogProbs = null;
        return all;
    }

    public void KeepPromptLogProbs(IReadOnlyList<PositionLogProbs>? positions)
    {
        if (positions is null) return;
        (_promptLogProbs ??= []).AddRange(positions);
        NextPromptLogProb += positions.Count;
    }

    public ReadOnlySpan<int> Tokens => _tokens.AsSpan(0, Length);

    /// <summary>Set by any thread when nobody waits for the output any more.</summary>
    public bool IsAborted => _aborted;

    public ChannelReader<SequenceEvent> Outputs => _events.Reader;

    public void Abort() => _aborted = true;

    public void Append(int token)
    {
        if (Length == _tokens.Length) Array.Resize(ref _tokens, Length * 2);
        _tokens[Length++] = token;
        Edits?.OnToken(token);
    }

    public void Emit(in SequenceEvent e) => _events.Writer.TryWrite(e);

    public void Complete(SequenceEvent last)
    {
        _events.Writer.TryWrite(last);
        _events.Writer.TryComplete();
    }
}
