using SglNative.Core.Tensors;
using SglNative.Engine.Execution;
using SglNative.Engine.Scheduling;
using SglNative.Models.Operations;

namespace SglNative.Engine.Sampling;

/// <summary>The sampling parameters of the sequences that draw a token in a step, as device tensors. Refilled for every step.</summary>
internal sealed class SamplingBatch(StagingBuffer staging)
{
    private readonly List<Sequence> _sequences = [];
    private readonly LogitEditBuffer _edits = new();
    private StagingBuffer.Segment _temperature, _topK, _topP, _minP, _seed, _position, _editRow, _editToken, _editRepetition, _editBias;

    /// <summary>The sequences that draw, by logits row.</summary>
    public List<Sequence> Sequences => _sequences;

    /// <summary>True when some sequence's logits are changed before the draw.</summary>
    public bool HasEdits => _edits.Count > 0;

    /// <summary>The most top log probabilities that any sequence asks for.</summary>
    public int TopLogProbs { get; private set; }

    /// <summary>True when some sequence asks for log probabilities of its output.</summary>
    public bool NeedsLogProbs { get; private set; }

    /// <summary>True when the draw looks at more than the logits: at parameters or changes that must be on the device by then.</summary>
    public bool NeedsInputs => HasEdits || !AllGreedy;

    private bool AllGreedy { get; set; }

    /// <summary>Takes the drawing sequences of a plan.</summary>
    public void Fill(StepPlan plan)
    {
        _sequences.Clear();
        _edits.Clear();
        (TopLogProbs, NeedsLogProbs, AllGreedy) = (0, false, true);
        foreach (var entry in plan.Entries)
        {
            if (!entry.Draws) continue;
            var sequence = entry.Sequence;
            sequence.Edits?.CopyTo(_edits, _sequences.Count);
            _sequences.Add(sequence);
            AllGreedy &= sequence.Options.Temperature == 0;
            if (!sequence.Options.ReturnLogProbs) continue;
            NeedsLogProbs = true;
            TopLogProbs = Math.Max(TopLogProbs, sequence.Options.TopLogProbs);
        }
    }

    /// <summary>Adds the arrays to the step's transfer.</summary>
    public void Stage()
    {
        _temperature = StageFloats(options => options.Temperature);
        _topP = StageFloats(options => options.TopP);
        _minP = StageFloats(options => options.MinP);
        var topK = staging.Reserve<int>(_sequences.Count, out _topK);
        for (var i = 0; i < topK.Length; i++) topK[i] = _sequences[i].Options.TopK;
        var seed = staging.Reserve<long>(_sequences.Count, out _seed);
        for (var i = 0; i < seed.Length; i++) seed[i] = _sequences[i].Options.Seed;
        var position = staging.Reserve<int>(_sequences.Count, out _position);
        for (var i = 0; i < position.Length; i++) position[i] = _sequences[i].Length;
        _editRow = staging.Add(_edits.Rows);
        _editToken = staging.Add(_edits.Tokens);
        _editRepetition = staging.Add(_edits.Repetitions);
        _editBias = staging.Add(_edits.Biases);
    }

    /// <summary>The parameters on the device, after the transfer.</summary>
    public SamplingInputs Inputs => new(
        staging.View(_temperature, DType.Float32), staging.View(_topK, DType.Int32), staging.View(_topP, DType.Float32),
        staging.View(_minP, DType.Float32), staging.View(_seed, DType.Int64), staging.View(_position, DType.Int32), AllGreedy);

    /// <summary>The logit changes on the device, after the transfer.</summary>
    public LogitEdits Edits => new(
        staging.View(_editRow, DType.Int32), staging.View(_editToken, DType.Int32),
        staging.View(_editRepetition, DType.Float32), staging.View(_editBias, DType.Float32));

    private StagingBuffer.Segment StageFloats(Func<SequenceOptions, float> value)
    {
        var span = staging.Reserve<float>(_sequences.Count, out var segment);
        for (var i = 0; i < span.Length; i++) span[i] = value(_sequences[i].Options);
        return segment;
    }
}
