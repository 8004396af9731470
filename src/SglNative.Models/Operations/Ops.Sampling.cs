using SglNative.Core.Tensors;

namespace SglNative.Models.Operations;

public abstract partial class Ops
{
    /// <summary>The largest k of <see cref="TopLogProbs"/>.</summary>
    public const int MaxTopLogProbs = 128;

    /// <summary>Applies sparse changes to float32 <paramref name="logits"/> [R, V], in place.</summary>
    public void EditLogits(in Tensor logits, in LogitEdits edits)
    {
        ExpectLogits(logits);
        if (edits.Row.Count > 0) EditLogitsInPlace(logits, edits);
    }

    /// <summary>
    /// Draws a token per row of float32 <paramref name="logits"/> [R, V] → int32 [R]. Logits are divided by the temperature; then
    /// top-k, then top-p (over the probabilities of all tokens, as renormalised after top-k), then min-p restrict the set; values
    /// equal to the last one kept are kept too. Among what is left, token i of the row wins by the largest logit / temperature +
    /// Gumbel noise, noise being a pure function of (seed, position, i): <see cref="GumbelNoise"/>. So a draw depends neither on
    /// the batch nor on the order of any reduction, and backends agree up to rounding of the logits.
    /// </summary>
    public Tensor Sample(in Tensor logits, in SamplingInputs inputs)
    {
        ExpectLogits(logits);
        inputs.Temperature.Expect("temperature", logits.Shape[0]);
        var output = Empty(DType.Int32, logits.Shape[0]);
        if (output.Count > 0) SampleInto(logits, inputs, output);
        return output;
    }

    /// <summary>log softmax(logits)[r, tokens[r]] of float32 [R, V] and int32 [R] → float32 [R].</summary>
    public Tensor LogProbs(in Tensor logits, in Tensor tokens)
    {
        ExpectLogits(logits);
        tokens.Expect(nameof(tokens), logits.Shape[0]);
        var output = Empty(DType.Float32, logits.Shape[0]);
        if (output.Count > 0) LogProbsInto(logits, tokens, output);
        return output;
    }

    /// <summary>The k largest log probabilities of each row, largest first, smaller ids first among equals: ids int32 [R, k], values float32 [R, k].</summary>
    public (Tensor Ids, Tensor Values) TopLogProbs(in Tensor logits, int k)
    {
        ExpectLogits(logits);
        if (k is < 1 or > MaxTopLogProbs || k > logits.Shape[1])
            throw new ArgumentOutOfRangeException(nameof(k), $"k is {k}, expected 1 to {Math.Min(MaxTopLogProbs, logits.Shape[1])}");
        var ids = Empty(DType.Int32, logits.Shape[0], k);
        var values = Empty(DType.Float32, logits.Shape[0], k);
        if (ids.Count > 0) TopLogProbsInto(logits, ids, values);
        return (ids, values);
    }

    /// <summary>
    /// Standard Gumbel noise −ln(−ln u) of (seed, position, token): u = (h + 0.5) / 2^23 with h the upper 23 bits of
    /// mix(mix(mix(seed) ^ position) ^ token) truncated to 32 bits, and mix the 64-bit finaliser
    /// z = (z ^ z≫30)·0xbf58476d1ce4e5b9; z = (z ^ z≫27)·0x94d049bb133111eb; z ^ z≫31, applied to z + 0x9e3779b97f4a7c15.
    /// </summary>
    public static float GumbelNoise(long seed, int position, int token)
    {
        var h = (uint)Mix(Mix(Mix((ulong)seed) ^ (uint)position) ^ (uint)token) >> 9;
        var u = (h + 0.5f) * (1f / (1 << 23));
        return -MathF.Log(-MathF.Log(u));
    }

    /// <summary>The 64-bit mixing function of <see cref="GumbelNoise"/>: every bit of the result depends on every bit of <paramref name="z"/>.</summary>
    public static ulong Mix(ulong z)
    {
        z += 0x9e3779b97f4a7c15;
        z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9;
        z = (z ^ (z >> 27)) * 0x94d049bb133111eb;
        return z ^ (z >> 31);
    }

    private static void ExpectLogits(in Tensor logits)
    {
        logits.Expect(nameof(logits), -1, -1);
        if (logits.DType != DType.Float32 || !logits.IsContiguous) throw new ArgumentException($"logits are {logits}, expected contiguous float32", nameof(logits));
    }

    /// <summary>Implements <see cref="EditLogits"/>.</summary>
    protected abstract void EditLogitsInPlace(in Tensor logits, in LogitEdits edits);

    /// <summary>Implements the public method of that name.</summary>
    protected abstract void SampleInto(in Tensor logits, in SamplingInputs inputs, in Tensor output);

    /// <summary>Implements the public method of that name.</summary>
    protected abstract void LogProbsInto(in Tensor logits, in Tensor tokens, in Tensor output);

    /// <summary>Implements the public method of that name.</summary>
    protected abstract void TopLogProbsInto(in Tensor logits, in Tensor ids, in Tensor values);
}
