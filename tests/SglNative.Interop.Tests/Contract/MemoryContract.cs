namespace SglNative.Interop.Tests.Contract;

/// <summary>Memory, as every provider must do it.</summary>
public abstract class MemoryContract(DeviceFixture fixture)
{
    private IComputeDevice Device => fixture.Device;

    [Fact]
    public void Capabilities_are_filled_in()
    {
        var c = Device.Capabilities;
        Assert.NotEmpty(c.Name);
        Assert.InRange(c.ComputeCapability, 80, 200);
        Assert.Matches(@"^(sm|compute)_\d+a?$", c.Architecture);
        Assert.InRange(c.MultiprocessorCount, 1, 1000);
        Assert.InRange(c.SharedMemoryPerBlockOptIn, c.SharedMemoryPerBlock, c.SharedMemoryPerMultiprocessor);
        Assert.True(c.L2CacheSize > 0 && c.TotalMemory > 0 && c.WarpSize == 32 && c.DriverVersion >= new Version(12, 0));
        Assert.Equal(c.ComputeMajor >= 9, c.SupportsClusters);
    }

    [Fact]
    public void Bytes_come_back_as_they_went()
    {
        var sent = new byte[1_000_003];
        new Random(1).NextBytes(sent);
        var received = new byte[sent.Length];
        var address = Device.Allocate(sent.Length);
        Assert.Equal(0, address % 256);
        Device.CopyToDevice<byte>(address, sent);
        Device.CopyToHost<byte>(received, address);
        Device.Free(address);
        Assert.Equal(sent, received);
    }

    [Fact]
    public void Memory_info_follows_allocations()
    {
        var before = Device.GetMemoryInfo();
        Assert.InRange(before.Free, 1, before.Total);
        const long size = 256L << 20;
        var address = Device.Allocate(size);
        var during = Device.GetMemoryInfo();
        Device.Free(address);
        // Other processes may come and go; half of it must be seen.
        Assert.InRange(before.Free - during.Free, size / 2, 2 * size);
        Assert.Equal(before.Total, during.Total);
    }

    [Fact]
    public void Too_much_is_refused_and_the_device_stays_usable()
    {
        var error = Assert.Throws<DeviceOutOfMemoryException>(() => Device.Allocate(Device.GetMemoryInfo().Total * 2));
        Assert.Contains("are free", error.Message, StringComparison.Ordinal);
        Assert.False(error.IsFatal);
        Device.Free(Device.Allocate(1024));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(-1)]
    public void Nothing_cannot_be_allocated(long bytes)
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => Device.Allocate(bytes));
        Assert.Throws<ArgumentOutOfRangeException>(() => Device.AllocatePinned(bytes));
    }

    [Fact]
    public void Freeing_nothing_does_nothing() => Device.Free(0);

    [Fact]
    public void Asynchronous_copies_keep_the_order_of_the_stream()
    {
        const int count = 1 << 16;
        using var stream = Device.CreateStream();
        using var pinned = Device.AllocatePinned(count * sizeof(int));
        using var result = Device.AllocatePinned(count * sizeof(int));
        nint a = Device.Allocate(count * sizeof(int)), b = Device.Allocate(count * sizeof(int));
        for (var i = 0; i < count; i++) pinned.AsSpan<int>()[i] = i * 7;
        Device.FillAsync(a, 0xffu, count, stream);
        Device.CopyToDeviceAsync(a, pinned.Address, count * sizeof(int), stream);
        Device.CopyOnDeviceAsync(b, a, count * sizeof(int), stream);
        Device.FillAsync(a, (byte)0, count * sizeof(int), stream);
        Device.CopyToHostAsync(result.Address, b, count * sizeof(int), stream);
        stream.Synchronize();
        Assert.True(pinned.AsSpan<int>().SequenceEqual(result.AsSpan<int>()));
        Device.Free(a);
        Device.Free(b);
    }

    [Fact]
    public void Fills_bytes_and_words()
    {
        using var stream = Device.CreateStream();
        var address = Device.Allocate(64);
        Device.FillAsync(address, (byte)0xab, 64, stream);
        Device.FillAsync(address + 8, 0x01020304u, 3, stream);
        Device.FillAsync(address + 33, (byte)0x11, 2, stream);
        Device.FillAsync(address, (byte)0, 0, stream);
        stream.Synchronize();
        var bytes = new byte[64];
        Device.CopyToHost<byte>(bytes, address);
        Device.Free(address);
        var expected = Enumerable.Repeat((byte)0xab, 64).ToArray();
        for (var i = 0; i < 3; i++) ((byte[])[4, 3, 2, 1]).CopyTo(expected, 8 + 4 * i);
        expected[33] = expected[34] = 0x11;
        Assert.Equal(expected, bytes);
    }

    [Fact]
    public void Pinned_memory_is_bounded_and_gone_after_disposal()
    {
        var memory = Device.AllocatePinned(1000);
        Assert.Equal(250, memory.AsSpan<int>().Length);
        Assert.Equal(2, memory.AsSpan<int>(992, 2).Length);
        Assert.Throws<ArgumentOutOfRangeException>(() => memory.AsSpan<int>(996, 2).Length);
        Assert.Throws<ArgumentOutOfRangeException>(() => memory.AsSpan<int>(-4, 1).Length);
        memory.Dispose();
        memory.Dispose();
        Assert.Throws<ObjectDisposedException>(() => memory.Address);
    }

    [Fact]
    public void Virtual_memory_grows_in_place_and_shrinks()
    {
        if (!Device.Capabilities.SupportsVirtualMemory) Assert.Skip("the device has no virtual memory management");
        using var memory = Device.ReserveVirtual(1L << 30);
        var g = memory.Granularity;
        Assert.Equal(0, memory.Length % g);
        memory.Map(0, g);
        var sent = new int[g / sizeof(int)];
        new Random(2).NextBytes(System.Runtime.InteropServices.MemoryMarshal.AsBytes(sent.AsSpan()));
        Device.CopyToDevice<int>(memory.Address, sent);
        memory.Map(g, 2 * g);
        Assert.Equal(3 * g, memory.MappedBytes);
        // A copy across the border of two mappings.
        using var stream = Device.CreateStream();
        Device.CopyOnDeviceAsync(memory.Address + (nint)g + (nint)(g / 2), memory.Address, g, stream);
        stream.Synchronize();
        var received = new int[sent.Length];
        Device.CopyToHost<int>(received, memory.Address + (nint)g + (nint)(g / 2));
        Assert.Equal(sent, received);
        memory.Unmap(g, 2 * g);
        Assert.Equal(g, memory.MappedBytes);
        Device.CopyToHost<int>(received, memory.Address);
        Assert.Equal(sent, received);
        memory.Map(2 * g, g);
    }

    [Fact]
    public void Virtual_memory_refuses_what_does_not_fit()
    {
        if (!Device.Capabilities.SupportsVirtualMemory) Assert.Skip("the device has no virtual memory management");
        using var memory = Device.ReserveVirtual(1);
        var g = memory.Granularity;
        Assert.Equal(g, memory.Length);
        Assert.Throws<ArgumentException>(() => memory.Map(0, g / 2));
        Assert.Throws<ArgumentException>(() => memory.Map(g, g));
        Assert.Throws<ArgumentException>(() => memory.Unmap(0, g));
        memory.Map(0, g);
        Assert.Throws<ArgumentException>(() => memory.Map(0, g));
        memory.Unmap(0, g);
        memory.Dispose();
        Assert.Throws<ObjectDisposedException>(() => memory.Address);
    }
}
