using System.Runtime.InteropServices;
using SglNative.Core.Configuration;
using SglNative.Core.Tensors;
using SglNative.Models.Batches;
using SglNative.Models.Modules;

namespace SglNative.Models.Layers;

/// <summary>
/// Rotary position embedding (Su et al., 2021) from a table of cosines and sines for every position, which layers of equal
/// settings share. Scalings that depend on a sequence's length (LongRoPE, dynamic NTK) have a second table for sequences longer
/// than the model was trained on; see <see cref="ForwardBatch.RotaryPositions"/>.
/// </summary>
public sealed class RotaryEmbedding
{
    private readonly ModelBuild _build;
    private readonly RopeConfig _rope;
    private readonly int _rotaryDim;
    private readonly bool _interleaved;
    private Tensor _cosSin;

    private RotaryEmbedding(ModelBuild build, RopeConfig rope, int rotaryDim, bool interleaved)
    {
        (_build, _rope, _rotaryDim, _interleaved) = (build, rope, rotaryDim, interleaved);
        build.RotarySwitch ??= SwitchLength(rope, build.MaxPositions);
        build.ReserveBytes((long)build.MaxPositions * Tables * rotaryDim * sizeof(float));
        build.OnLoaded(Upload);
    }

    private int Tables => _build.RotarySwitch is null ? 1 : 2;

    /// <summary>The embedding of a model, or of its layers of one type; one object for all layers with the same settings.</summary>
    /// <param name="scope">Any scope of the model.</param>
    /// <param name="rope">Kind and parameters.</param>
    /// <param name="headDim">D, of which <see cref="RopeConfig.RotaryDim"/> dimensions rotate.</param>
    /// <param name="interleaved">Pairs are neighbours rather than halves (GPT-J).</param>
    public static RotaryEmbedding Create(ModuleScope scope, RopeConfig rope, int headDim, bool interleaved = false)
    {
        var rotaryDim = rope.RotaryDim(headDim);
        return scope.Build.Shared((rope, rotaryDim, interleaved), () => new RotaryEmbedding(scope.Build, rope, rotaryDim, interleaved));
    }

    /// <summary>Rotates q [T, Hq, D] and k [T, Hk, D] in place.</summary>
    public void Forward(ForwardBatch batch, in Tensor q, in Tensor k) =>
        _build.Backend.Ops.RotaryEmbedding(q, k, batch.RotaryPositions, _cosSin, _interleaved);

    private static int? SwitchLength(RopeConfig rope, int maxPositions)
    {
        int? length = rope.Type switch
        {
            RopeType.LongRope => rope.OriginalMaxPositionEmbeddings ?? rope.MaxPositionEmbeddings,
            RopeType.Dynamic => rope.MaxPositionEmbeddings,
            _ => null,
        };
        return length < maxPositions ? length : null;
    }

    private void Upload()
    {
        var positions = _build.MaxPositions;
        var table = new float[(long)positions * Tables * _rotaryDim];
        Fill(table.AsSpan(0, positions * _rotaryDim), RopeFrequencies.Compute(_rope, _rotaryDim, _build.RotarySwitch ?? positions));
        if (_build.RotarySwitch is not null)
            Fill(table.AsSpan(positions * _rotaryDim), RopeFrequencies.Compute(_rope, _rotaryDim, positions));
        _cosSin = _build.Backend.Allocate(new Shape((long)positions * Tables, _rotaryDim), DType.Float32);
        _build.Backend.Upload(MemoryMarshal.AsBytes(table.AsSpan()), _cosSin);
    }

    private void Fill(Span<float> table, RopeFrequencies frequencies)
    {
        var half = _rotaryDim / 2;
        for (var position = 0; position < table.Length / _rotaryDim; position++)
        {
            var row = table.Slice(position * _rotaryDim, _rotaryDim);
            for (var i = 0; i < half; i++)
            {
                // The reference forms the angle in float32; its rounding is part of what a checkpoint was trained with.
                var (sin, cos) = Math.SinCos(position * frequencies.Inverse[i]);
                row[i] = (float)cos * frequencies.AttentionScaling;
                row[half + i] = (float)sin * frequencies.AttentionScaling;
            }
        }
    }
}
