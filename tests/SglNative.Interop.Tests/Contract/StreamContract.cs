namespace SglNative.Interop.Tests.Contract;

/// <summary>Streams and events, as every provider must do them.</summary>
public abstract class StreamContract(DeviceFixture fixture)
{
    private IComputeDevice Device => fixture.Device;

    [Fact]
    public void An_idle_stream_is_idle()
    {
        using var stream = Device.CreateStream(StreamPriority.High);
        Assert.True(stream.IsIdle);
        Assert.False(stream.IsCapturing);
        stream.Synchronize();
    }

    [Fact]
    public void An_event_orders_two_streams()
    {
        const int count = 8 << 20;
        using var first = Device.CreateStream();
        using var second = Device.CreateStream();
        using var mark = Device.CreateEvent();
        nint a = Device.Allocate(count), b = Device.Allocate(count);
        for (var value = 1; value <= 20; value++)
        {
            // Many fills keep the first stream busy; without the wait the second would copy too early.
            for (var i = 0; i < 10; i++) Device.FillAsync(a, (byte)(100 + i), count, first);
            Device.FillAsync(a, (byte)value, count, first);
            first.Record(mark);
            second.WaitFor(mark);
            Device.CopyOnDeviceAsync(b, a, count, second);
            second.Synchronize();
            Assert.True(mark.IsCompleted);
            Assert.True(first.IsIdle);
            var last = new byte[1];
            Device.CopyToHost<byte>(last, b + count - 1);
            Assert.Equal(value, last[0]);
        }
        Device.Free(a);
        Device.Free(b);
    }

    [Fact]
    public void Events_measure_time()
    {
        const long size = 64 << 20;
        using var stream = Device.CreateStream();
        using var start = Device.CreateEvent(timing: true);
        using var end = Device.CreateEvent(timing: true);
        Assert.True(start.IsCompleted);
        var address = Device.Allocate(size);
        stream.Record(start);
        for (var i = 0; i < 20; i++) Device.FillAsync(address, (byte)i, size, stream);
        stream.Record(end);
        end.Synchronize();
        Device.Free(address);
        Assert.InRange(end.ElapsedMilliseconds(start), 0.01f, 10_000f);
    }

    [Fact]
    public void Other_threads_may_use_the_device()
    {
        const int threads = 4;
        var device = Device;
        Parallel.For(0, threads, new ParallelOptions { MaxDegreeOfParallelism = threads }, thread =>
        {
            using var stream = device.CreateStream();
            var address = device.Allocate(4096);
            device.FillAsync(address, (byte)(thread + 1), 4096, stream);
            stream.Synchronize();
            var bytes = new byte[4096];
            device.CopyToHost<byte>(bytes, address);
            device.Free(address);
            Assert.All(bytes, b => Assert.Equal(thread + 1, b));
        });
    }

    [Fact]
    public void What_was_disposed_is_refused()
    {
        var stream = Device.CreateStream();
        var mark = Device.CreateEvent();
        stream.Dispose();
        stream.Dispose();
        Assert.Throws<ObjectDisposedException>(stream.Synchronize);
        mark.Dispose();
        Assert.Throws<ObjectDisposedException>(mark.Synchronize);
    }

    [Fact]
    public void A_device_may_be_opened_twice_and_closed()
    {
        _ = Device;
        var other = fixture.Provider.Open(0, fixture.Options);
        using var left = other.CreateStream();
        other.Dispose();
        other.Dispose();
        Assert.Throws<ObjectDisposedException>(() => other.Allocate(1));
        Device.Synchronize();
    }
}
