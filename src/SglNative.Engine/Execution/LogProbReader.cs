using System.Runtime.InteropServices;
using SglNative.Core.Tensors;
using SglNative.Engine.Generation;
using SglNative.Models.Backends;
using SglNative.Models.Operations;

namespace SglNative.Engine.Execution;

/// <summary>Log probabilities of several logits rows, on the host.</summary>
internal sealed class LogProbReader
{
    private readonly float[] _chosen;
    private readonly int[] _topIds;
    private readonly float[] _topValues;
    private readonly int _top;

    private LogProbReader(int rows, int top)
    {
        _top = top;
        _chosen = new float[rows];
        _topIds = new int[rows * top];
        _topValues = new float[rows * top];
    }

    /// <summary>Computes and fetches them for <paramref name="tokens"/> int32 [R], and the <paramref name="top"/> most probable of each row.</summary>
    public static LogProbReader Read(Backend backend, in Tensor logits, in Tensor tokens, int top)
    {
        var reader = new LogProbReader((int)logits.Shape[0], (int)Math.Min(Math.Min(top, Ops.MaxTopLogProbs), logits.Shape[1]));
        backend.Download(backend.Ops.LogProbs(logits, tokens), MemoryMarshal.AsBytes(reader._chosen.AsSpan()));
        if (reader._top == 0) return reader;
        var (ids, values) = backend.Ops.TopLogProbs(logits, reader._top);
        backend.Download(ids, MemoryMarshal.AsBytes(reader._topIds.AsSpan()));
        backend.Download(values, MemoryMarshal.AsBytes(reader._topValues.AsSpan()));
        return reader;
    }

    /// <summary>What row <paramref name="row"/> says, with at most <paramref name="top"/> alternatives.</summary>
    public PositionLogProbs Position(int row, int token, int top)
    {
        var alternatives = new TokenLogProb[Math.Min(top, _top)];
        for (var i = 0; i < alternatives.Length; i++) alternatives[i] = new TokenLogProb(_topIds[row * _top + i], _topValues[row * _top + i]);
        return new PositionLogProbs(new TokenLogProb(token, _chosen[row]), alternatives);
    }
}
