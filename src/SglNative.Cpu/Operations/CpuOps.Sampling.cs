using SglNative.Core.Tensors;
using SglNative.Cpu.Sampling;
using SglNative.Models.Operations;

namespace SglNative.Cpu.Operations;

internal sealed unsafe partial class CpuOps<TSimd, TVector>
{
    /// <inheritdoc/>
    protected override void EditLogitsInPlace(in Tensor logits, in LogitEdits edits)
    {
        var (rows, vocabulary, count) = ((int)logits.Shape[0], (int)logits.Shape[1], (int)edits.Row.Count);
        Expect(edits.Row, DType.Int32, count, nameof(edits.Row));
        Expect(edits.Token, DType.Int32, count, nameof(edits.Token));
        Expect(edits.Repetition, DType.Float32, count, nameof(edits.Repetition));
        Expect(edits.Bias, DType.Float32, count, nameof(edits.Bias));
        ExpectIds(edits.Row, rows, nameof(edits.Row));
        ExpectIds(edits.Token, vocabulary, nameof(edits.Token));
        int* row = (int*)edits.Row.Data, token = (int*)edits.Token.Data;
        float* repetition = (float*)edits.Repetition.Data, bias = (float*)edits.Bias.Data;
        for (var e = 0; e < count; e++)
        {
            ref var logit = ref ((float*)logits.Data)[(long)row[e] * vocabulary + token[e]];
            logit = (logit > 0 ? logit / repetition[e] : logit * repetition[e]) + bias[e];
        }
    }

    /// <inheritdoc/>
    protected override void SampleInto(in Tensor logits, in SamplingInputs inputs, in Tensor output)
    {
        var job = new SampleJob { Logits = (float*)logits.Data, Vocabulary = (int)logits.Shape[1], Tokens = (int*)output.Data };
        var rows = (int)logits.Shape[0];
        if (!inputs.AllGreedy)
        {
            Expect(inputs.Temperature, DType.Float32, rows, nameof(inputs.Temperature));
            Expect(inputs.TopK, DType.Int32, rows, nameof(inputs.TopK));
            Expect(inputs.TopP, DType.Float32, rows, nameof(inputs.TopP));
            Expect(inputs.MinP, DType.Float32, rows, nameof(inputs.MinP));
            Expect(inputs.Seed, DType.Int64, rows, nameof(inputs.Seed));
            Expect(inputs.Position, DType.Int32, rows, nameof(inputs.Position));
            job.Temperature = (float*)inputs.Temperature.Data;
            job.TopK = (int*)inputs.TopK.Data;
            job.TopP = (float*)inputs.TopP.Data;
            job.MinP = (float*)inputs.MinP.Data;
            job.Seed = (long*)inputs.Seed.Data;
            job.Position = (int*)inputs.Position.Data;
            pool.ReserveScratch(TokenSampler<TSimd, TVector>.ScratchFloats(job.Vocabulary) * (long)sizeof(float));
            job.Scratch = pool.Scratches;
        }
        pool.Run(rows, &TokenSampler<TSimd, TVector>.DrawRow, &job);
    }

    /// <inheritdoc/>
    protected override void LogProbsInto(in Tensor logits, in Tensor tokens, in Tensor output)
    {
        ExpectIds(tokens, logits.Shape[1], nameof(tokens));
        var job = new SampleJob
        {
            Logits = (float*)logits.Data, Vocabulary = (int)logits.Shape[1], Tokens = (int*)tokens.Data, Values = (float*)output.Data,
        };
        pool.Run((int)logits.Shape[0], &LogProbabilities<TSimd, TVector>.OfTokenRow, &job);
    }

    /// <inheritdoc/>
    protected override void TopLogProbsInto(in Tensor logits, in Tensor ids, in Tensor values)
    {
        var job = new SampleJob
        {
            Logits = (float*)logits.Data, Vocabulary = (int)logits.Shape[1], K = (int)ids.Shape[1],
            Tokens = (int*)ids.Data, Values = (float*)values.Data,
        };
        pool.Run((int)logits.Shape[0], &LogProbabilities<TSimd, TVector>.TopOfRow, &job);
    }

    private static void Expect(in Tensor tensor, DType dtype, int count, string name)
    {
        tensor.Expect(name, count);
        if (tensor.DType != dtype || !tensor.IsContiguous) throw new ArgumentException($"{name} is {tensor}, expected contiguous {dtype.TorchName()}", name);
    }
}
