using SglNative.Core.Tensors;
using SglNative.Engine.Caching;
using SglNative.Engine.Scheduling;
using SglNative.Models.Batches;
using SglNative.Models.Modules;

namespace SglNative.Engine.Execution.Graphs;

/// <summary>
/// Turns a plan of single tokens into a batch of a captured size whose arrays lie at places that depend on the size alone. Sequences that
/// pad it have one token, which is written to the page and the state row that are set aside.
/// </summary>
internal sealed class DecodeInputs : IDisposable
{
    private const int Arrays = 9, Alignment = 16;

    private readonly ModelBuild _model;
    private readonly KvPool _pool;
    private readonly StagingBuffer _staging;
    private readonly ForwardBatch _batch;
    private readonly int _maxPages;
    private BatchLayout _layout;

    /// <param name="model">What is run.</param>
    /// <param name="pool">Its caches.</param>
    /// <param name="largest">The largest size.</param>
    /// <param name="maxLength">Tokens that a sequence has at most.</param>
    public DecodeInputs(ModelBuild model, KvPool pool, int largest, int maxLength)
    {
        (_model, _pool, MaxLength) = (model, pool, maxLength);
        _maxPages = pool.Pages.PagesFor(maxLength);
        _staging = new StagingBuffer(model.Backend, Bytes(largest, _maxPages));
        _batch = new ForwardBatch(model.Backend.Ops, pool.Layers);
    }

    /// <summary>Tokens that a sequence may have.</summary>
    public int MaxLength { get; }

    /// <summary>Bytes on the device for sizes up to <paramref name="largest"/> and sequences of so many pages.</summary>
    public static long Bytes(int largest, int maxPages) => (Arrays + (long)maxPages) * (largest + 1) * sizeof(int) + Arrays * Alignment;

    /// <summary>
    /// Copies the plan, which may have no entries, to the device, padded to <paramref name="size"/> sequences. The batch is valid until
    /// the next call; its tensors are the same for every plan.
    /// </summary>
    public ForwardBatch Stage(StepPlan plan, int size)
    {
        var entries = plan.Entries;
        var (count, pageSize) = (entries.Count, _pool.Pages.PageSize);
        _staging.Clear();
        // Each span is filled before the next is reserved: the host's buffer may move when it grows.
        var ids = _staging.Reserve<int>(size, out var idSegment);
        for (var i = 0; i < size; i++) ids[i] = i < count ? entries[i].Sequence.Tokens[entries[i].Sequence.Computed] : 0;

        var positions = _staging.Reserve<int>(size, out var positionSegment);
        for (var i = 0; i < size; i++) positions[i] = i < count ? entries[i].Sequence.Computed : 0;

        var rotarySegment = positionSegment;
        if (_model.RotarySwitch is not null)
        {
            var rotary = _staging.Reserve<int>(size, out rotarySegment);
            for (var i = 0; i < size; i++) rotary[i] = i < count ? _model.RotaryRow(entries[i].Sequence.PromptLength, entries[i].Sequence.Computed) : 0;
        }

        var slots = _staging.Reserve<int>(size, out var slotSegment);
        for (var i = 0; i < size; i++) slots[i] = i < count ? entries[i].Sequence.Pages[entries[i].Sequence.Computed / pageSize] * pageSize + entries[i].Sequence.Computed % pageSize : 0;

        var starts = _staging.Reserve<int>(size + 1, out var startSegment);
        for (var i = 0; i <= size; i++) starts[i] = i;

        var lengths = _staging.Reserve<int>(size, out var lengthSegment);
        var longest = 1;
        for (var i = 0; i < size; i++)
        {
            lengths[i] = i < count ? entries[i].End : 1;
            longest = Math.Max(longest, lengths[i]);
        }

        var states = _staging.Reserve<int>(size, out var stateSegment);
        for (var i = 0; i < size; i++) states[i] = i < count ? entries[i].Sequence.StateSlot : 0;

        var rows = _staging.Reserve<int>(size, out var rowSegment);
        for (var i = 0; i < size; i++) rows[i] = i;

        // By pages first: what the longest sequence of this step needs is the beginning of what the longest of all would.
        var table = _staging.Reserve<int>(size * _pool.Pages.PagesFor(longest), out var tableSegment);
        table.Clear();
        for (var i = 0; i < count; i++)
        {
            var pages = entries[i].Sequence.Pages;
            for (var p = 0; p < pages.Count && p * size + i < table.Length; p++) table[p * size + i] = pages[p];
        }
        _staging.Flush();

        _layout = new BatchLayout
        {
            TokenIds = idSegment, Positions = positionSegment, RotaryPositions = rotarySegment, Slots = slotSegment, LogitRows = rowSegment,
            QueryStart = startSegment, KvLengths = lengthSegment, PageTable = tableSegment, StateSlots = _pool.States.Capacity > 0 ? stateSegment : null,
            PageSize = pageSize, MaxQueryLength = 1, MaxKvLength = MaxLength,
        };
        return Fill();
    }

    /// <summary>As if what another rank has staged had been staged here.</summary>
    public ForwardBatch Copy(DecodeInputs other)
    {
        _staging.Copy(other._staging);
        _layout = other._layout;
        return Fill();
    }

    /// <inheritdoc/>
    public void Dispose() => _staging.Dispose();

    private ForwardBatch Fill()
    {
        _layout.Fill(_batch, _staging);
        var size = _layout.KvLengths.Count;
        _batch.Attention = _batch.Attention with
        {
            PageTable = _staging.View(_layout.PageTable, DType.Int32) with { Shape = new Shape(size, _maxPages), Strides = new Shape(1, size) },
        };
        return _batch;
    }
}
