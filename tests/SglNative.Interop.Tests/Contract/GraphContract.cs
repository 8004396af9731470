using SglNative.Interop.Tests.Kernels;

namespace SglNative.Interop.Tests.Contract;

/// <summary>Capture and replay, as every provider must do them.</summary>
public abstract class GraphContract(DeviceFixture fixture)
{
    private const int Count = 1000;

    private IComputeDevice Device => fixture.Device;

    [Fact]
    public void Captured_work_runs_only_when_replayed()
    {
        using var module = fixture.Load(TestKernels.VectorAdd);
        using var stream = Device.CreateStream();
        nint a = Device.Allocate(Count * 4), b = Device.Allocate(Count * 4);
        Device.CopyToDevice<float>(a, Enumerable.Repeat(1f, Count).ToArray());
        Device.CopyToDevice<float>(b, new float[Count]);

        stream.BeginCapture();
        Assert.True(stream.IsCapturing);
        Add(module, stream, a, b);
        Add(module, stream, a, b);
        using var graph = stream.EndCapture();
        Assert.False(stream.IsCapturing);
        Assert.Equal(2, graph.NodeCount);
        stream.Synchronize();
        Assert.Equal(0f, Read(b));

        using var executable = graph.Instantiate();
        executable.Upload(stream);
        for (var i = 1; i <= 5; i++)
        {
            executable.Launch(stream);
            stream.Synchronize();
            Assert.Equal(2f * i, Read(b));
        }
        // Replays of one graph queue up in the stream.
        for (var i = 0; i < 10; i++) executable.Launch(stream);
        stream.Synchronize();
        Assert.Equal(30f, Read(b));
        Device.Free(a);
        Device.Free(b);
    }

    [Fact]
    public void Copies_and_fills_are_captured_and_read_what_is_there_at_replay()
    {
        using var stream = Device.CreateStream();
        using var input = Device.AllocatePinned(64);
        using var output = Device.AllocatePinned(64);
        nint a = Device.Allocate(64), b = Device.Allocate(64);
        stream.BeginCapture();
        Device.FillAsync(a, 9u, 16, stream);
        Device.CopyToDeviceAsync(a, input.Address, 32, stream);
        Device.CopyOnDeviceAsync(b, a, 64, stream);
        Device.CopyToHostAsync(output.Address, b, 64, stream);
        using var graph = stream.EndCapture();
        using var executable = graph.Instantiate();
        for (var value = 1; value < 4; value++)
        {
            input.AsSpan<int>().Fill(value);
            executable.Launch(stream);
            stream.Synchronize();
            Assert.Equal(Enumerable.Repeat(value, 8).Concat(Enumerable.Repeat(9, 8)), output.AsSpan<int>().ToArray());
        }
        Device.Free(a);
        Device.Free(b);
    }

    [Fact]
    public void A_second_stream_joins_a_capture_through_events()
    {
        using var module = fixture.Load(TestKernels.VectorAdd);
        using var stream = Device.CreateStream();
        using var side = Device.CreateStream();
        using var fork = Device.CreateEvent();
        using var join = Device.CreateEvent();
        nint a = Device.Allocate(Count * 4), b = Device.Allocate(Count * 4), c = Device.Allocate(Count * 4);
        Device.CopyToDevice<float>(a, Enumerable.Repeat(1f, Count).ToArray());
        stream.BeginCapture();
        Device.FillAsync(b, 0u, Count, stream);
        stream.Record(fork);
        side.WaitFor(fork);
        Device.FillAsync(c, 0u, Count, side);
        Add(module, side, a, c);
        side.Record(join);
        Add(module, stream, a, b);
        stream.WaitFor(join);
        Add(module, stream, c, b);
        using var graph = stream.EndCapture();
        Assert.Equal(5, graph.NodeCount);
        using var executable = graph.Instantiate();
        for (var i = 0; i < 3; i++)
        {
            executable.Launch(stream);
            stream.Synchronize();
            Assert.Equal(2f, Read(b));
        }
        foreach (var p in (nint[])[a, b, c]) Device.Free(p);
    }

    [Fact]
    public void An_update_takes_over_new_arguments_and_refuses_another_shape()
    {
        using var module = fixture.Load(TestKernels.VectorAdd);
        using var stream = Device.CreateStream();
        nint a = Device.Allocate(Count * 4), b = Device.Allocate(Count * 4), c = Device.Allocate(Count * 4);
        Device.CopyToDevice<float>(a, Enumerable.Repeat(1f, Count).ToArray());
        Device.CopyToDevice<float>(b, new float[Count]);
        Device.CopyToDevice<float>(c, new float[Count]);
        using var graph = Capture(() => Add(module, stream, a, b));
        using var executable = graph.Instantiate();
        using var other = Capture(() => Add(module, stream, a, c));
        Assert.True(executable.TryUpdate(other));
        executable.Launch(stream);
        stream.Synchronize();
        Assert.Equal((0f, 1f), (Read(b), Read(c)));
        using var longer = Capture(() =>
        {
            Add(module, stream, a, b);
            Device.FillAsync(c, 0u, Count, stream);
        });
        Assert.False(executable.TryUpdate(longer));
        foreach (var p in (nint[])[a, b, c]) Device.Free(p);

        DeviceGraph Capture(Action work)
        {
            stream.BeginCapture();
            work();
            return stream.EndCapture();
        }
    }

    private void Add(DeviceModule module, DeviceStream stream, nint from, nint to) => Device.Launch(
        module.GetFunction("vector_add"), new LaunchConfig(stream, (Count + 127) / 128, 128), new LaunchContract.AddArguments(from, to, to, Count));

    private float Read(nint address)
    {
        var values = new float[Count];
        Device.CopyToHost<float>(values, address);
        Assert.All(values, v => Assert.Equal(values[0], v));
        return values[0];
    }
}
