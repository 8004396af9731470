using System.Runtime.InteropServices;
using SglNative.Core.Tensors;
using SglNative.Models.Backends;
using SglNative.Models.Batches;
using SglNative.Models.Operations;

namespace SglNative.OpsContract;

public abstract partial class OpsContractTests
{
    [Fact]
    public void Recorded_operations_follow_what_lies_in_their_inputs()
    {
        SkipUnlessRecording();
        var x = Upload(Numbers.Random(3 * 64, 1), DType.Float32, 3, 64);
        var weight = Upload(Numbers.Random(64 * 64, 2), DType.Float32, 64, 64);
        Tensor Compute() => Ops.Add(Ops.Linear(x, weight), x);
        Ops.Arena.BeginStep();
        Compute();
        Ops.Arena.BeginStep();
        Tensor recorded = default;
        using var operations = Backend.Record(() => recorded = Compute());
        var end = Ops.Arena.Position;
        Assert.Equal(2, operations.Count);
        for (var seed = 10; seed < 13; seed++)
        {
            Backend.Upload(MemoryMarshal.AsBytes(Numbers.Random(3 * 64, seed).AsSpan()), x);
            operations.Replay();
            Ops.Arena.Restore(end);
            // What is made after a replay lies beside what the replay left.
            var after = Ops.Scale(recorded, 2);
            var left = Download(recorded);
            Assert.Equal(left.Select(value => 2 * value), Download(after));
            Ops.Arena.BeginStep();
            Assert.Equal(Download(Compute()), left);
        }
    }

    public static TheoryData<string> UnrecordableCalls => ["Download", "Upload", "Synchronize", "Allocate", "Free"];

    [Theory]
    [MemberData(nameof(UnrecordableCalls))]
    public void What_a_replay_could_not_repeat_ends_a_recording(string call)
    {
        SkipUnlessRecording();
        var x = Upload(Numbers.Random(64, 1), DType.Float32, 1, 64);
        var host = new byte[x.ByteCount];
        Ops.Scale(x, 2);
        void Calls()
        {
            Ops.Scale(x, 2);
            switch (call)
            {
                case "Download": Backend.Download(x, host); break;
                case "Upload": Backend.Upload(host, x); break;
                case "Synchronize": Backend.Synchronize(); break;
                case "Allocate": Backend.Allocate(new Shape(4), DType.Float32); break;
                default: Backend.Free(x); break;
            }
        }
        foreach (var swallowed in (bool[])[false, true])
        {
            var error = Assert.Throws<RecordingException>(() => Backend.Record(() =>
            {
                try
                {
                    Calls();
                }
                catch (RecordingException) when (swallowed)
                {
                    // It does not help.
                }
            }));
            Assert.Equal($"Backend.{call}", error.Call);
        }
        // The backend works on.
        Assert.False(Backend.IsRecording);
        Assert.Equal(64, Download(Ops.Scale(x, 2)).Length);
    }

    [Fact]
    public void An_error_ends_a_recording_and_nothing_else()
    {
        SkipUnlessRecording();
        var x = Upload(Numbers.Random(64, 1), DType.Float32, 1, 64);
        Ops.Scale(x, 2);
        Assert.Throws<InvalidTimeZoneException>(() => Backend.Record(() =>
        {
            Ops.Scale(x, 2);
            throw new InvalidTimeZoneException();
        }));
        Assert.Equal(64, Download(Ops.Scale(x, 2)).Length);
    }

    /// <summary>What a recorded attention wrote between its kernels must not be given to a larger one that comes later.</summary>
    [Fact]
    public void Memory_between_kernels_stays_where_it_was_recorded()
    {
        SkipUnlessRecording();
        const int pageSize = 16, dim = 64, heads = 64;
        var (q, cache, metadata) = Batch((1, 700));
        var options = new AttentionOptions { Scale = 0.125f };
        Ops.Arena.BeginStep();
        var expected = Download(Ops.Attention(q, cache, metadata, options));
        Ops.Arena.BeginStep();
        Tensor recorded = default;
        using var operations = Backend.Record(() => recorded = Ops.Attention(q, cache, metadata, options));
        var end = Ops.Arena.Position;
        // How much it needs follows from the bound of the lengths.
        var (largeQ, largeCache, largeMetadata) = Batch([.. Enumerable.Repeat((1, 10), 16)]);
        Ops.Attention(largeQ, largeCache, largeMetadata with { MaxKvLength = 100_000 }, options);
        operations.Replay();
        Ops.Arena.Restore(end);
        Assert.Equal(expected, Download(recorded));

        (Tensor, Tensor, AttentionMetadata) Batch(params (int Queries, int Keys)[] sequences)
        {
            var batch = new PagedSequences(DType.Float32, pageSize, 1, dim, sequences);
            return (Upload(Numbers.Random(sequences.Length * heads * dim, 5), DType.Float32, sequences.Length, heads, dim),
                Upload(batch.Cache, DType.Float32, batch.Pages, 2, 1, pageSize, dim),
                new AttentionMetadata
                {
                    QueryStart = UploadInts(batch.QueryStart), KvLengths = UploadInts([.. sequences.Select(s => s.Keys)]),
                    PageTable = UploadInts(batch.PageTable, sequences.Length, batch.PagesPerSequence), PageSize = pageSize,
                    MaxQueryLength = 1, MaxKvLength = sequences.Max(s => s.Keys),
                });
        }
    }

    private void SkipUnlessRecording()
    {
        if (!Backend.CanRecord) Assert.Skip($"operations are not recorded on {Backend.Name}");
    }
}
