using SglNative.Core.Tensors;
using SglNative.Models.Batches;

namespace SglNative.Models.Operations;

public abstract partial class Ops
{
    /// <summary>
    /// A causal convolution along each sequence, each channel by itself: y[t] = act(bias + Σ_j weight[:, j] · x[t − taps + 1 + j]),
    /// where inputs before this batch come from <paramref name="state"/>, which is moved on. x [T, C], weight [C, taps], bias [C] or
    /// null, state [slots, taps − 1, C] (oldest input first; of the type of x) → [T, C] of
    /// <paramref name="dtype"/> (that of x where null).
    /// </summary>
    public Tensor CausalConvolution(
        in Tensor x, in Tensor weight, in Tensor bias, in Tensor state, in AttentionMetadata metadata, PointwiseActivation activation, DType? dtype = null)
    {
        x.Expect(nameof(x), -1, -1);
        weight.Expect(nameof(weight), x.Shape[1], -1);
        if (!bias.IsNull) bias.Expect(nameof(bias), x.Shape[1]);
        state.Expect(nameof(state), -1, weight.Shape[1] - 1, x.Shape[1]);
        ExpectStateSlots(metadata);
        if (state.DType != x.DType) throw new ArgumentException($"state is {state}, expected {x.DType.TorchName()} as x is", nameof(state));
        if (weight.Shape[1] is < 1 or > MaxConvolutionTaps)
            throw new ArgumentException($"weight is {weight}, expected 1 to {MaxConvolutionTaps} taps", nameof(weight));
        var output = Arena.Allocate(x.Shape, dtype ?? x.DType);
        if (output.Count > 0) CausalConvolutionInto(x, weight, bias, state, metadata, activation, output);
        return output;
    }

    /// <summary>The most taps of <see cref="CausalConvolution"/>.</summary>
    public const int MaxConvolutionTaps = 8;

    /// <summary>
    /// The gates of a gated delta rule, float32 [T, H] each: log decay −exp(aLog) · softplus(a + dtBias), and σ(b).
    /// a and b [T, H]; aLog and dtBias [H].
    /// </summary>
    public (Tensor LogDecay, Tensor Beta) DeltaGates(in Tensor a, in Tensor b, in Tensor aLog, in Tensor dtBias)
    {
        a.Expect(nameof(a), -1, -1);
        b.Expect(nameof(b), a.Shape[0], a.Shape[1]);
        aLog.Expect(nameof(aLog), a.Shape[1]);
        dtBias.Expect(nameof(dtBias), a.Shape[1]);
        var logDecay = Empty(DType.Float32, a.Shape[0], a.Shape[1]);
        var beta = Empty(DType.Float32, a.Shape[0], a.Shape[1]);
        if (logDecay.Count > 0) DeltaGatesInto(a, b, aLog, dtBias, logDecay, beta);
        return (logDecay, beta);
    }

    /// <summary>
    /// The gated delta rule (Yang et al., 2024) along each sequence. Per value head h with key head h / (Hv / Hk), and its matrix
    /// S [K, V] in <paramref name="state"/> float32 [slots, Hv, K, V]:
    /// S ← exp(logDecay) · S; S ← S + k ⊗ beta · (v − kᵀS); y = scale · qᵀS, with q and k scaled to length 1
    /// (x / √(Σx² + eps)) first. q and k [T, Hk, K], v [T, Hv, V], logDecay and beta float32 [T, Hv] → [T, Hv, V] of
    /// <paramref name="dtype"/> (that of v where null). Where prompts are computed by products of matrices, what enters these may be rounded
    /// to <paramref name="operand"/>.
    /// </summary>
    public Tensor GatedDeltaRule(
        in Tensor q, in Tensor k, in Tensor v, in Tensor logDecay, in Tensor beta, in Tensor state, in AttentionMetadata metadata, float scale, float eps,
        DType? dtype = null, DType operand = DType.Float32)
    {
        q.Expect(nameof(q), -1, -1, -1);
        k.Expect(nameof(k), q.Shape[0], q.Shape[1], q.Shape[2]);
        v.Expect(nameof(v), q.Shape[0], -1, -1);
        logDecay.Expect(nameof(logDecay), v.Shape[0], v.Shape[1]);
        beta.Expect(nameof(beta), v.Shape[0], v.Shape[1]);
        state.Expect(nameof(state), -1, v.Shape[1], q.Shape[2], v.Shape[2]);
        ExpectStateSlots(metadata);
        if (v.Shape[1] % q.Shape[1] != 0) throw new ArgumentException($"{v.Shape[1]} value heads are no multiple of {q.Shape[1]} key heads", nameof(v));
        if (state.DType != DType.Float32 || !state.IsContiguous) throw new ArgumentException($"state is {state}, expected contiguous float32", nameof(state));
        var output = Arena.Allocate(v.Shape, dtype ?? v.DType);
        if (output.Count > 0) GatedDeltaRuleInto(q, k, v, logDecay, beta, state, metadata, scale, eps, operand, output);
        return output;
    }

    /// <summary>x · act(gate), both [T, N] or [T, heads, D], rows may have gaps → new tensor of <paramref name="dtype"/> (that of x where null).</summary>
    public Tensor Gate(in Tensor x, in Tensor gate, PointwiseActivation activation, DType? dtype = null)
    {
        if (x.Rank is not (2 or 3) || gate.Shape != x.Shape) throw new ArgumentException($"gate is {gate}, expected the shape of x {x}, [T, N] or [T, heads, D]", nameof(gate));
        var output = Arena.Allocate(x.Shape, dtype ?? x.DType);
        if (output.Count > 0) GateInto(x, gate, activation, output);
        return output;
    }

    private static void ExpectStateSlots(in AttentionMetadata metadata)
    {
        if (metadata.StateSlots.IsNull) throw new ArgumentException("the batch has no state slots", nameof(metadata));
        metadata.StateSlots.Expect(nameof(metadata.StateSlots), metadata.SequenceCount);
    }

    /// <summary>Implements the public method of that name; rows of x may have gaps.</summary>
    protected abstract void CausalConvolutionInto(
        in Tensor x, in Tensor weight, in Tensor bias, in Tensor state, in AttentionMetadata metadata, PointwiseActivation activation, in Tensor output);

    /// <summary>Implements the public method of that name.</summary>
    protected abstract void DeltaGatesInto(in Tensor a, in Tensor b, in Tensor aLog, in Tensor dtBias, in Tensor logDecay, in Tensor beta);

    /// <summary>Implements the public method of that name; heads of q, k and v may have gaps.</summary>
    protected abstract void GatedDeltaRuleInto(
        in Tensor q, in Tensor k, in Tensor v, in Tensor logDecay, in Tensor beta, in Tensor state, in AttentionMetadata metadata, float scale, float eps,
        DType operand, in Tensor output);

    /// <summary>Implements the public method of that name.</summary>
    protected abstract void GateInto(in Tensor x, in Tensor gate, PointwiseActivation activation, in Tensor output);
}
