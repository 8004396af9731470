using SglNative.Core;

namespace SglNative.Cpu.Ranks;

/// <summary>
/// Backends of one process that share a model's weights, each on a thread of its own. Sums are formed in the order of the ranks, so that
/// all get the same bits.
/// </summary>
public sealed unsafe class CpuRankGroup : IDisposable
{
    private readonly Barrier _barrier;
    private readonly CancellationTokenSource _ended = new();
    private readonly nint[] _addresses;

    /// <summary>A group of <paramref name="size"/> ranks; <see cref="CpuOptions.Group"/> and <see cref="CpuOptions.Rank"/> make a backend one of them.</summary>
    public CpuRankGroup(int size)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(size, 1);
        _barrier = new Barrier(size);
        _addresses = new nint[size];
    }

    /// <summary>Number of ranks.</summary>
    public int Size => _addresses.Length;

    /// <summary>Ends the group: whoever waits for the others, or does so later, gets an error.</summary>
    public void Abort() => _ended.Cancel();

    /// <inheritdoc/>
    public void Dispose()
    {
        _barrier.Dispose();
        _ended.Dispose();
    }

    /// <summary>The <paramref name="count"/> numbers become their sums over the ranks.</summary>
    internal void AllReduce(int rank, float* values, long count)
    {
        Meet(rank, (nint)values);
        // Each rank adds a part of the numbers up, for all.
        var (first, end) = (count * rank / Size, count * (rank + 1) / Size);
        for (var i = first; i < end; i++)
        {
            var sum = ((float*)_addresses[0])[i];
            for (var r = 1; r < Size; r++) sum += ((float*)_addresses[r])[i];
            for (var r = 0; r < Size; r++) ((float*)_addresses[r])[i] = sum;
        }
        Meet(rank, (nint)values);
    }

    /// <summary>Rows of <paramref name="width"/> numbers become those of all ranks side by side, as far as <paramref name="wanted"/> goes.</summary>
    internal void AllGather(int rank, float* values, long rows, long width, float* gathered, long wanted)
    {
        Meet(rank, (nint)values);
        for (var row = 0L; row < rows; row++)
            for (var r = 0; r < Size; r++)
            {
                var count = Math.Min(width, wanted - r * width);
                if (count <= 0) break;
                new ReadOnlySpan<float>((float*)_addresses[r] + row * width, (int)count).CopyTo(new Span<float>(gathered + row * wanted + r * width, (int)count));
            }
        Meet(rank, (nint)values);
    }

    private void Meet(int rank, nint address)
    {
        _addresses[rank] = address;
        try
        {
            _barrier.SignalAndWait(_ended.Token);
        }
        catch (OperationCanceledException e)
        {
            throw new SglException($"rank {rank} waited for others, and one of them has ended", e);
        }
    }
}
