using SglNative.Core.Tensors;
using SglNative.Interop.Gemm;
using SglNative.Interop.Tests.Kernels;

namespace SglNative.Interop.Tests.Contract;

/// <summary>The calls of a decode step allocate nothing on the managed heap, or no more than a provider's packages do.</summary>
public abstract class AllocationContract(DeviceFixture fixture)
{
    private const int Steps = 100;

    private IComputeDevice Device => fixture.Device;

    /// <summary>Bytes of managed memory that one launch with one attribute may take.</summary>
    protected virtual long BytesPerLaunch => 0;

    [Fact]
    public void The_calls_of_a_step_allocate_nothing()
    {
        var device = Device;
        using var module = fixture.Load(TestKernels.VectorAdd);
        using var stream = device.CreateStream();
        using var mark = device.CreateEvent();
        using var pinned = device.AllocatePinned(4096);
        var function = module.GetFunction("vector_add");
        var memory = device.Allocate(1 << 20);
        var description = GemmDescription.Linear(8, 64, 64, DType.BFloat16) with { Epilogue = GemmEpilogue.Bias };
        var operands = new GemmOperands(memory, memory + 65536, memory + 131072) { Bias = memory + 262144 };
        stream.BeginCapture();
        device.FillAsync(memory, (byte)0, 4096, stream);
        using var graph = stream.EndCapture();
        using var executable = graph.Instantiate();
        var blas = device.Capabilities.Blas is not null;

        void Step()
        {
            var config = new LaunchConfig(stream, 1, 32) { ProgrammaticDependentLaunch = true };
            device.CopyToDeviceAsync(memory, pinned.Address, 4096, stream);
            device.FillAsync(memory + 8192, 0u, 16, stream);
            device.Launch(function, config, new LaunchContract.AddArguments(memory, memory + 4096, memory + 8192, 32));
            if (blas) device.Gemm(description, operands, stream);
            device.CopyOnDeviceAsync(memory + 16384, memory, 4096, stream);
            device.CopyToHostAsync(pinned.Address, memory, 4096, stream);
            executable.Launch(stream);
            stream.Record(mark);
            stream.WaitFor(mark);
            _ = mark.IsCompleted;
            _ = stream.IsIdle;
            mark.Synchronize();
        }

        for (var i = 0; i < 10; i++) Step();
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < Steps; i++) Step();
        var allocated = GC.GetAllocatedBytesForCurrentThread() - before;
        device.Free(memory);
        Assert.InRange(allocated, 0, Steps * BytesPerLaunch);
    }
}
