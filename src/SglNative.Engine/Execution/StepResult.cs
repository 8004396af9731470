using SglNative.Engine.Generation;
using SglNative.Engine.Scheduling;

namespace SglNative.Engine.Execution;

/// <summary>What a step found out, on the host. Reused.</summary>
internal sealed class StepResult
{
    private readonly List<Draw> _draws = [];
    private readonly Dictionary<Sequence, List<PositionLogProbs>> _prompts = [];

    /// <summary>A token per drawing sequence, in the order of the plan.</summary>
    public List<Draw> Draws => _draws;

    /// <summary>True when the step replayed a graph.</summary>
    public bool Replayed { get; set; }

    public void Clear()
    {
        Replayed = false;
        _draws.Clear();
        _prompts.Clear();
    }

    public void Add(Draw draw) => _draws.Add(draw);

    public void AddPrompt(Sequence sequence, PositionLogProbs position)
    {
        if (!_prompts.TryGetValue(sequence, out var list)) _prompts[sequence] = list = [];
        list.Add(position);
    }

    /// <summary>Log probabilities of the prompt positions that this step computed; null when none were wanted.</summary>
    public IReadOnlyList<PositionLogProbs>? Prompt(Sequence sequence) => _prompts.GetValueOrDefault(sequence);

    /// <summary>A drawn token and, where asked for, its log probabilities.</summary>
    public readonly record struct Draw(Sequence Sequence, int Token, PositionLogProbs? LogProbs);
}
