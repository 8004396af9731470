using SglNative.Core.Tensors;
using SglNative.Engine.Caching;
using SglNative.Engine.Scheduling;
using SglNative.Models.Batches;
using SglNative.Models.Modules;

namespace SglNative.Engine.Execution;

/// <summary>Turns a plan into the arrays that the device needs, staged and copied in one transfer.</summary>
internal sealed class BatchBuilder(ModelBuild model, KvPool pool, StagingBuffer staging)
{
    private readonly ForwardBatch _batch = new(model.Backend.Ops, pool.Layers);

    /// <summary>Where the last batch's arrays lie in the staging buffer.</summary>
    public BatchLayout Layout { get; private set; }

    /// <summary>
    /// Stages the plan; <paramref name="stageMore"/> adds the sampler's arrays to the same transfer. Returns the batch, valid until
    /// the next call.
    /// </summary>
    public ForwardBatch Build(StepPlan plan, Action stageMore)
    {
        var entries = plan.Entries;
        var (count, tokens, pageSize) = (entries.Count, plan.TokenCount, pool.Pages.PageSize);
        var (maxQuery, maxKv, draws) = (0, 0, 0);
        foreach (var entry in entries)
        {
            maxQuery = Math.Max(maxQuery, entry.Tokens);
            maxKv = Math.Max(maxKv, entry.End);
            if (entry.Draws) draws++;
        }
        var maxPages = pool.Pages.PagesFor(maxKv);

        staging.Clear();
        // Each span is filled before the next is reserved: the buffer may move when it grows.
        var ids = staging.Reserve<int>(tokens, out var idSegment);
        for (int i = 0, at = 0; i < count; at += entries[i].Tokens, i++)
            entries[i].Sequence.Tokens.Slice(entries[i].Sequence.Computed, entries[i].Tokens).CopyTo(ids[at..]);

        var positions = staging.Reserve<int>(tokens, out var positionSegment);
        for (int i = 0, at = 0; i < count; i++)
            for (var p = entries[i].Sequence.Computed; p < entries[i].End; p++) positions[at++] = p;

        var rotarySegment = positionSegment;
        if (model.RotarySwitch is not null)
        {
            var rotary = staging.Reserve<int>(tokens, out rotarySegment);
            for (int i = 0, at = 0; i < count; i++)
                for (var p = entries[i].Sequence.Computed; p < entries[i].End; p++)
                    rotary[at++] = model.RotaryRow(entries[i].Sequence.PromptLength, p);
        }

        var slots = staging.Reserve<int>(tokens, out var slotSegment);
        for (int i = 0, at = 0; i < count; i++)
            for (var p = entries[i].Sequence.Computed; p < entries[i].End; p++)
                slots[at++] = entries[i].Sequence.Pages[p / pageSize] * pageSize + p % pageSize;

        var starts = staging.Reserve<int>(count + 1, out var startSegment);
        starts[0] = 0;
        for (var i = 0; i < count; i++) starts[i + 1] = starts[i] + entries[i].Tokens;

        var lengths = staging.Reserve<int>(count, out var lengthSegment);
        for (var i = 0; i < count; i++) lengths[i] = entries[i].End;

        StagingBuffer.Segment? stateSegment = null;
        if (pool.States.Capacity > 0)
        {
            var slotsOfStates = staging.Reserve<int>(count, out var segment);
            for (var i = 0; i < count; i++) slotsOfStates[i] = entries[i].Sequence.StateSlot;
            stateSegment = segment;
        }

        var table = staging.Reserve<int>(count * maxPages, out var tableSegment);
        for (var i = 0; i < count; i++)
        {
            var row = table.Slice(i * maxPages, maxPages);
            var pages = entries[i].Sequence.Pages;
            for (var p = 0; p < maxPages; p++) row[p] = p < pages.Count ? pages[p] : 0;
        }

        var rows = staging.Reserve<int>(draws, out var rowSegment);
        for (int i = 0, at = 0, row = 0; i < count; i++)
        {
            at += entries[i].Tokens;
            if (entries[i].Draws) rows[row++] = at - 1;
        }
        stageMore();
        staging.Flush();

        Layout = new BatchLayout
        {
            TokenIds = idSegment, Positions = positionSegment, RotaryPositions = rotarySegment, Slots = slotSegment, LogitRows = rowSegment,
            QueryStart = startSegment, KvLengths = lengthSegment, PageTable = tableSegment, StateSlots = stateSegment,
            PageSize = pageSize, MaxQueryLength = maxQuery, MaxKvLength = maxKv,
        };
        Layout.Fill(_batch, staging);
        return _batch;
    }
}
