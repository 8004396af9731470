using System.Text.RegularExpressions;
using SglNative.Core;
using SglNative.Core.Tensors;
using SglNative.Engine.Execution;
using SglNative.Models;
using SglNative.Models.Modules;

namespace SglNative.Engine.Benchmarking;

/// <summary>
/// Compares what runs between the layers with a reference's hidden states: what the embedding returns, each layer's residual stream
/// (a module whose path ends in a number), and the norm after the last layer.
/// </summary>
internal sealed partial class HiddenStateComparison(CausalLM model, IReadOnlyList<ReferencePrompt> prompts, double worstRms) : IModuleObserver
{
    private readonly SortedDictionary<int, HiddenStateReport.Stage> _stages = [];
    private readonly float[] _reference = new float[model.HiddenSize];
    private readonly int _last = (int)prompts.Max(prompt => prompt.HiddenStates?.Shape[0] ?? 0) - 1;
    private int _seen;

    /// <summary>The batch whose steps are observed; its sequences are the prompts.</summary>
    public StaticBatch? Batch { get; set; }

    public HiddenStateReport Report => new([.. _stages.Values], worstRms);

    public void OnOutput(string name, in Tensor output)
    {
        if (Batch is null || output.Rank != 2 || output.Shape[1] != model.HiddenSize || StateOf(name) is not { } state) return;
        var values = HostTensor.Read(model.Build.Backend, output);
        for (var row = 0; row < output.Shape[0]; row++)
        {
            var (sequence, position) = Batch.TokenAt(row);
            var prompt = prompts[sequence];
            if (prompt.HiddenStates is not { } states || prompt.PrefillRow(position) is not (>= 0 and var stateRow)) continue;
            if (states.Shape[2] != model.HiddenSize || states.Shape[0] != _last + 1)
                throw new SglException($"{states.File}: {states.Name} is {states.Shape}, expected [{_last + 1}, {prompt.Positions.Length}, {model.HiddenSize}]");
            TensorRows.ReadFloats(states, (long)state * prompt.Positions.Length + stateRow, _reference);
            Add(state, name, prompt.Index, LogitsDifference.Of(position, values.AsSpan(row * model.HiddenSize, model.HiddenSize), _reference));
        }
    }

    private void Add(int state, string name, int prompt, LogitsDifference difference)
    {
        if (_stages.TryGetValue(state, out var worst) && difference.RelativeRms <= worst.Worst.RelativeRms) return;
        _stages[state] = new HiddenStateReport.Stage(name, prompt, difference);
    }

    // Which of the reference's states a module's output is, null where it is none.
    private int? StateOf(string name)
    {
        var place = Numbered().Match(name);
        if (place.Success)
        {
            if (place.Groups["rest"].Length > 0) return null;
            _seen = int.Parse(place.Groups["layer"].Value, System.Globalization.CultureInfo.InvariantCulture) + 1;
            // The last layer's own output is not among them: the norm's is.
            return _seen < _last ? _seen : null;
        }
        var state = _seen == 0 ? 0 : _seen == _last ? _last : (int?)null;
        // The logits come after the norm.
        _seen = state == _last ? 0 : _seen;
        return name.EndsWith("logits", StringComparison.Ordinal) ? null : state;
    }

    [GeneratedRegex(@"(^|\.)(?<layer>\d+)(?<rest>(\..*)?)$")]
    private static partial Regex Numbered();
}
