using SglNative.Core.Tensors;

namespace SglNative.Models.Operations;

public abstract partial class Ops
{
    /// <summary>
    /// (x − mean) / sqrt(variance + eps) · weight + bias over the last dimension of [T, H] or [T, heads, D].
    /// <paramref name="weight"/> and <paramref name="bias"/> [last dimension], each null for none. The result is of
    /// <paramref name="dtype"/> (that of x where null).
    /// </summary>
    public Tensor LayerNorm(in Tensor x, in Tensor weight, in Tensor bias, float eps, DType? dtype = null)
    {
        if (x.Rank is not (2 or 3)) throw new ArgumentException($"x has shape {x.Shape}, expected [T, H] or [T, heads, D]", nameof(x));
        if (!weight.IsNull) weight.Expect(nameof(weight), x.Shape[-1]);
        if (!bias.IsNull) bias.Expect(nameof(bias), x.Shape[-1]);
        var output = Arena.Allocate(x.Shape, dtype ?? x.DType);
        if (output.Count > 0) LayerNormInto(x, weight, bias, eps, output);
        return output;
    }

    /// <summary>x · σ(gate) of x [T, N] and gate [T, N], or one gate for each row, [T, 1] → [T, N].</summary>
    public Tensor SigmoidGate(in Tensor x, in Tensor gate)
    {
        x.Expect(nameof(x), -1, -1);
        gate.Expect(nameof(gate), x.Shape[0], gate.Shape[-1] == 1 ? 1 : x.Shape[1]);
        var output = Arena.Allocate(x.Shape, x.DType);
        if (output.Count > 0) SigmoidGateInto(x, gate, output);
        return output;
    }

    /// <summary>Limits x [T, N] (rows may have gaps) to ± <paramref name="limit"/>, in place.</summary>
    public void ClampInPlace(in Tensor x, float limit)
    {
        x.Expect(nameof(x), -1, -1);
        if (x.Count > 0) ClampInto(x, limit, x);
    }

    /// <summary>cap · tanh(x / cap) of x [T, N], in place (Gemma's logits).</summary>
    public void SoftCapInPlace(in Tensor x, float cap)
    {
        x.Expect(nameof(x), -1, -1);
        if (x.Count > 0) SoftCapInto(x, cap, x);
    }

    /// <summary>Implements the public method of that name; output is contiguous and may be of another type than x.</summary>
    protected abstract void LayerNormInto(in Tensor x, in Tensor weight, in Tensor bias, float eps, in Tensor output);

    /// <summary>Implements the public method of that name; gate may be of another type than x and output.</summary>
    protected abstract void SigmoidGateInto(in Tensor x, in Tensor gate, in Tensor output);

    /// <summary>Implements <see cref="ClampInPlace"/>; output is x.</summary>
    protected abstract void ClampInto(in Tensor x, float limit, in Tensor output);

    /// <summary>Implements <see cref="SoftCapInPlace"/>; output is x.</summary>
    protected abstract void SoftCapInto(in Tensor x, float cap, in Tensor output);
}
