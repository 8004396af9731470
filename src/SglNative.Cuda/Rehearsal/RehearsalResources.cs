using System.Runtime.InteropServices;
using SglNative.Interop;

namespace SglNative.Cuda.Rehearsal;

/// <summary>A stream whose work is done before it is given.</summary>
internal sealed class RehearsalStream : DeviceStream
{
    public override nint Handle => 0;

    public override bool IsIdle => true;

    public override bool IsCapturing => false;

    public override void Synchronize() { }

    public override void Record(DeviceEvent mark) { }

    public override void WaitFor(DeviceEvent mark) { }

    public override void BeginCapture() => throw new NotSupportedException("nothing is captured in a rehearsal");

    public override DeviceGraph EndCapture() => throw new NotSupportedException("nothing is captured in a rehearsal");

    protected override void Dispose(bool disposing) { }
}

/// <summary>An event that has always happened.</summary>
internal sealed class RehearsalEvent : DeviceEvent
{
    public override bool IsCompleted => true;

    public override void Synchronize() { }

    public override float ElapsedMilliseconds(DeviceEvent start) => 0;

    protected override void Dispose(bool disposing) { }
}

/// <summary>A module that has every function.</summary>
internal sealed class RehearsalModule : DeviceModule
{
    public override DeviceFunction GetFunction(string instantiation) => new RehearsalFunction(instantiation);

    protected override void Dispose(bool disposing) { }
}

/// <summary>A kernel that may be launched and does nothing.</summary>
internal sealed class RehearsalFunction(string name) : DeviceFunction
{
    public override string Name => name;

    public override FunctionAttributes Attributes => default;

    public override IReadOnlyList<int>? ParameterSizes => null;

    public override void SetMaxDynamicSharedMemory(int bytes) { }

    public override void SetSharedMemoryCarveout(int percent) { }

    public override void AllowNonPortableClusterSize() { }

    public override int MaxActiveBlocks(int threads, int dynamicSharedMemory) => 1;

    public override int MaxActiveClusters(in LaunchConfig config) => 1;
}

/// <summary>Ordinary host memory.</summary>
internal sealed unsafe class RehearsalMemory(long bytes) : PinnedMemory((nint)NativeMemory.AlignedAlloc((nuint)bytes, Alignment), bytes)
{
    private const int Alignment = 64;

    protected override bool ReleaseHandle()
    {
        NativeMemory.AlignedFree((void*)handle);
        return true;
    }
}
