using System.Runtime.InteropServices;
using SglNative.Core.Tensors;
using SglNative.Engine.Parallelism;
using SglNative.Engine.Scheduling;
using SglNative.Models;
using SglNative.Models.Backends;

namespace SglNative.Engine.Execution;

/// <summary>
/// Brings the logits that a reader wants to the host. Those that a token is drawn from are the very ones that the sampler sees; the
/// others are computed in slabs of rows, since those of a long prompt need not fit the device at once.
/// </summary>
internal sealed class LogitsTap(Backend backend, CausalLM model, ILogitsReader reader, Followers? followers) : IDisposable
{
    private const int RowsAtOnce = 128;

    private readonly StagingBuffer _staging = new(backend);
    private readonly List<Row> _rows = [];
    private float[] _logits = [];

    /// <summary>Logits [R, vocabulary] of the sequences that draw, before anything changes them.</summary>
    public void ReadDrawn(List<Sequence> drawing, in Tensor logits)
    {
        _rows.Clear();
        foreach (var sequence in drawing) _rows.Add(new Row(sequence.Index, sequence.Length - 1, 0));
        if (_rows.Exists(row => reader.Wants(row.Sequence, row.Position))) Read(CollectionsMarshal.AsSpan(_rows), logits);
    }

    /// <summary>What else the reader wants of a step whose final hidden states are <paramref name="hidden"/> [T, H].</summary>
    public void ReadOthers(StepPlan plan, in Tensor hidden)
    {
        _rows.Clear();
        var first = 0;
        foreach (var entry in plan.Entries)
        {
            var last = entry.Draws ? entry.End - 1 : entry.End;
            for (var p = entry.Sequence.Computed; p < last; p++)
                if (reader.Wants(entry.Sequence.Index, p)) _rows.Add(new Row(entry.Sequence.Index, p, first + p - entry.Sequence.Computed));
            first += entry.Tokens;
        }
        for (var start = 0; start < _rows.Count; start += RowsAtOnce)
        {
            // Two regions of the arena take turns, so the slabs need the memory of two.
            backend.Ops.Arena.BeginLayer(start / RowsAtOnce);
            var slab = CollectionsMarshal.AsSpan(_rows).Slice(start, Math.Min(RowsAtOnce, _rows.Count - start));
            _staging.Clear();
            var indices = _staging.Reserve<int>(slab.Length, out var segment);
            for (var i = 0; i < slab.Length; i++) indices[i] = slab[i].Hidden;
            _staging.Flush();
            followers?.ComputeLogits(start / RowsAtOnce, _staging, segment);
            Read(slab, model.ComputeLogits(backend.Ops.GatherRows(hidden, _staging.View(segment, DType.Int32))));
            followers?.Join();
        }
        backend.Ops.Arena.EndLayers();
    }

    public void Dispose() => _staging.Dispose();

    private void Read(ReadOnlySpan<Row> rows, in Tensor logits)
    {
        var vocabulary = (int)logits.Shape[1];
        if (_logits.Length < rows.Length * vocabulary) _logits = new float[rows.Length * vocabulary];
        backend.Download(logits, MemoryMarshal.AsBytes(_logits.AsSpan(0, rows.Length * vocabulary)));
        for (var i = 0; i < rows.Length; i++)
            if (reader.Wants(rows[i].Sequence, rows[i].Position))
                reader.Read(rows[i].Sequence, rows[i].Position, _logits.AsSpan(i * vocabulary, vocabulary));
    }

    private readonly record struct Row(int Sequence, int Position, int Hidden);
}
