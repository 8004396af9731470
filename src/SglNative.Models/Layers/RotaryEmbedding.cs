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
    private const int UploadFloats = 1 << 20;

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

    /// <summary>
    /// Rotates q [T, Hq, D] and k [T, Hk, D], writes k and v into a layer's <paramref name="cache"/> and returns q as
    /// <paramref name="dtype"/>; see <see cref="Operations.Ops.RotateAndStore"/>.
    /// </summary>
    public Tensor RotateAndStore(ForwardBatch batch, in Tensor q, in Tensor k, in Tensor v, in Tensor cache, DType dtype) =>
        _build.Backend.Ops.RotateAndStore(q, k, v, batch.RotaryPositions, _cosSin, _interleaved, cache, batch.Slots, dtype);

    /// <summary>Rotates q [T, Hq, D] in place, where the keys are another layer's.</summary>
    public void Forward(ForwardBatch batch, in Tensor q) => Forward(batch, q, q.Slice(1, 0, 0));

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
        _cosSin = _build.Backend.Allocate(new Shape((long)positions * Tables, _rotaryDim), DType.Float32);
        Upload(0, RopeFrequencies.Compute(_rope, _rotaryDim, _build.RotarySwitch ?? positions));
        if (_build.RotarySwitch is not null) Upload(positions, RopeFrequencies.Compute(_rope, _rotaryDim, positions));
    }

    // In pieces: the table of a long context is larger than an array can be.
    private void Upload(long firstRow, RopeFrequencies frequencies)
    {
        var rows = Math.Min(_build.MaxPositions, Math.Max(1, UploadFloats / _rotaryDim));
        var piece = new float[rows * _rotaryDim];
        for (var position = 0L; position < _build.MaxPositions; position += rows)
        {
            var count = (int)Math.Min(rows, _build.MaxPositions - position);
            Fill(piece.AsSpan(0, count * _rotaryDim), (int)position, frequencies);
            _build.Backend.Upload(MemoryMarshal.AsBytes(piece.AsSpan(0, count * _rotaryDim)), _cosSin.Slice(0, firstRow + position, count));
        }
    }

    private void Fill(Span<float> table, int first, RopeFrequencies frequencies)
    {
        var half = _rotaryDim / 2;
        for (var at = 0; at < table.Length; at += _rotaryDim)
        {
            var position = first + at / _rotaryDim;
            var row = table.Slice(at, _rotaryDim);
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
