using SglNative.Core.Tensors;
using SglNative.Interop.Collectives;

namespace SglNative.Interop.Tests.Contract;

/// <summary>Peers and collectives, as every provider that has them must do them.</summary>
public abstract class SeveralDevicesContract(DeviceFixture fixture)
{
    [Fact]
    public void A_group_of_one_reduces_to_itself()
    {
        var device = fixture.Device;
        using var communicator = JoinOrSkip(device);
        using var stream = device.CreateStream();
        var memory = device.Allocate(32);
        device.CopyToDevice<float>(memory, [1, 2, 3, 4]);
        communicator.AllReduce(memory, memory + 16, 4, DType.Float32, ReduceOperation.Sum, stream);
        stream.Synchronize();
        var result = new float[4];
        device.CopyToHost<float>(result, memory + 16);
        device.Free(memory);
        Assert.Equal([1, 2, 3, 4], result);
        Assert.Equal((0, 1), (communicator.Rank, communicator.Size));
    }

    [Fact]
    public void Every_rank_gets_the_sum_the_parts_and_the_broadcast()
    {
        _ = fixture.Device;
        if (fixture.Count < 2) Assert.Skip("there is only one device");
        var size = Math.Min(fixture.Count, 4);
        var devices = Enumerable.Range(0, size).Select(i => fixture.Provider.Open(i, fixture.Options)).ToArray();
        JoinOrSkip(devices[0]).Dispose();
        var id = devices[0].CreateCommunicatorId();
        var failures = new Exception?[size];
        var threads = Enumerable.Range(0, size).Select(rank => new Thread(() =>
        {
            try
            {
                RunRank(devices[rank], id, rank, size);
            }
            catch (Exception e)
            {
                failures[rank] = e;
            }
        }) { IsBackground = true }).ToArray();
        foreach (var thread in threads) thread.Start();
        // A rank that fails leaves the others waiting for it: that must not hang the run.
        var finished = threads.All(thread => thread.Join(TimeSpan.FromSeconds(60)));
        Assert.All(failures, Assert.Null);
        Assert.True(finished);
        foreach (var device in devices) device.Dispose();
    }

    [Fact]
    public async Task A_rank_that_waits_is_freed_when_its_group_is_aborted()
    {
        _ = fixture.Device;
        if (fixture.Count < 2) Assert.Skip("there is only one device");
        var devices = Enumerable.Range(0, 2).Select(i => fixture.Provider.Open(i, fixture.Options)).ToArray();
        JoinOrSkip(devices[0]).Dispose();
        var id = devices[0].CreateCommunicatorId();
        // Each on a thread of its own: who joins waits for the other.
        var other = Task.Factory.StartNew(() => devices[1].JoinCommunicator(id, 1, 2), TestContext.Current.CancellationToken, TaskCreationOptions.LongRunning, TaskScheduler.Default);
        DeviceCommunicator[] joined = [devices[0].JoinCommunicator(id, 0, 2), await other];
        var waiting = new Thread(() =>
        {
            using var stream = devices[0].CreateStream();
            var memory = devices[0].Allocate(1024);
            try
            {
                joined[0].AllReduce(memory, memory, 256, DType.Float32, ReduceOperation.Sum, stream);
                stream.Synchronize();
            }
            catch (DeviceException)
            {
                // Freed with an error, or without: the group is of no use either way.
            }
        }) { IsBackground = true };
        waiting.Start();
        Assert.False(waiting.Join(TimeSpan.FromMilliseconds(500)), "the other rank has not come, and nobody waited for it");
        foreach (var communicator in joined) communicator.Abort();
        Assert.True(waiting.Join(TimeSpan.FromSeconds(60)));
        foreach (var communicator in joined) communicator.Dispose();
        foreach (var device in devices) device.Dispose();
    }

    [Fact]
    public void A_peers_memory_can_be_copied_from()
    {
        var first = fixture.Device;
        Assert.True(first.CanAccessPeer(0));
        if (fixture.Count < 2) Assert.Skip("there is only one device");
        if (!first.CanAccessPeer(1)) Assert.Skip("the devices cannot access each other");
        using var second = fixture.Provider.Open(1, fixture.Options);
        first.EnablePeerAccess(second);
        first.EnablePeerAccess(second);
        nint there = second.Allocate(64), here = first.Allocate(64);
        second.CopyToDevice<int>(there, Enumerable.Range(0, 16).ToArray());
        using var stream = first.CreateStream();
        first.CopyOnDeviceAsync(here, there, 64, stream);
        stream.Synchronize();
        var result = new int[16];
        first.CopyToHost<int>(result, here);
        first.Free(here);
        second.Free(there);
        Assert.Equal(Enumerable.Range(0, 16), result);
    }

    private static void RunRank(IComputeDevice device, CommunicatorId id, int rank, int size)
    {
        const int count = 1000;
        using var communicator = device.JoinCommunicator(id, rank, size);
        using var stream = device.CreateStream();
        nint own = device.Allocate(count * size * 4), all = device.Allocate(count * size * 4);
        device.CopyToDevice<float>(own, Enumerable.Repeat(rank + 1f, count * size).ToArray());
        communicator.AllReduce(own, all, count, DType.Float32, ReduceOperation.Sum, stream);
        AssertAll(all, count, _ => size * (size + 1) / 2f);
        communicator.AllGather(own, all, count, DType.Float32, stream);
        AssertAll(all, count * size, i => i / count + 1);
        communicator.ReduceScatter(own, all, count, DType.Float32, ReduceOperation.Max, stream);
        AssertAll(all, count, _ => size);
        communicator.Broadcast(own, all, count, DType.Float32, 1, stream);
        AssertAll(all, count, _ => 2);
        communicator.BeginGroup();
        communicator.Send(own, count, DType.Float32, (rank + 1) % size, stream);
        communicator.Receive(all, count, DType.Float32, (rank + size - 1) % size, stream);
        communicator.EndGroup();
        AssertAll(all, count, _ => (rank + size - 1) % size + 1);
        device.Free(own);
        device.Free(all);

        void AssertAll(nint address, int n, Func<int, float> expected)
        {
            stream.Synchronize();
            var values = new float[n];
            device.CopyToHost<float>(values, address);
            for (var i = 0; i < n; i++) Assert.Equal(expected(i), values[i]);
        }
    }

    private static DeviceCommunicator JoinOrSkip(IComputeDevice device)
    {
        try
        {
            return device.JoinCommunicator(device.CreateCommunicatorId(), 0, 1);
        }
        catch (Core.SglException e)
        {
            Assert.Skip(e.Message);
            throw;
        }
    }
}
