using SglNative.Interop.Emulated.Native;

namespace SglNative.Interop.Emulated;

internal sealed unsafe class EmulatedFunction : DeviceFunction
{
    // The host's compiler does not know how many registers the device's would use.
    private const int AssumedRegisters = 32;
    private const int DefaultDynamicSharedMemory = 48 << 10;

    private readonly EmulatedDevice _device;
    private readonly int[] _parameterSizes;
    private readonly int _staticSharedMemory, _maxThreads;
    private int _maxDynamicSharedMemory;
    private nint _handle;

    public EmulatedFunction(EmulatedDevice device, nint module, int number, string name)
    {
        _device = device;
        Name = name;
        EmulationStatus.Check(EmulationApi.FunctionGet(module, number, name, out _handle));
        var count = EmulationApi.FunctionParameters(_handle, out var sizes);
        _parameterSizes = new ReadOnlySpan<int>(sizes, count).ToArray();
        _staticSharedMemory = EmulationApi.FunctionStaticShared(_handle);
        _maxThreads = EmulationApi.FunctionMaxThreads(_handle);
        _maxDynamicSharedMemory = DefaultDynamicSharedMemory - _staticSharedMemory;
        EmulationApi.FunctionSetDynamic(_handle, _maxDynamicSharedMemory);
    }

    public override string Name { get; }

    public override IReadOnlyList<int> ParameterSizes => _parameterSizes;

    public override FunctionAttributes Attributes => new(AssumedRegisters, _staticSharedMemory, 0, 0, _maxThreads, _maxDynamicSharedMemory);

    public nint Handle
    {
        get
        {
            ObjectDisposedException.ThrowIf(_handle == 0, typeof(DeviceModule));
            return _handle;
        }
    }

    public override void SetMaxDynamicSharedMemory(int bytes)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(bytes);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(bytes, _device.Capabilities.SharedMemoryPerBlockOptIn - _staticSharedMemory);
        EmulationApi.FunctionSetDynamic(Handle, bytes);
        _maxDynamicSharedMemory = bytes;
    }

    public override void SetSharedMemoryCarveout(int percent)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(percent, -1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(percent, 100);
    }

    public override void AllowNonPortableClusterSize() => EmulationApi.FunctionAllowLargeClusters(Handle);

    public override int MaxActiveBlocks(int threads, int dynamicSharedMemory) =>
        EmulationApi.FunctionActiveBlocks(_device.Handle, Handle, threads, dynamicSharedMemory);

    public override int MaxActiveClusters(in LaunchConfig config)
    {
        var blocks = (long)MaxActiveBlocks((int)config.Block.Count, config.DynamicSharedMemory) * _device.Capabilities.MultiprocessorCount;
        return (int)(blocks / Math.Max(1, config.Cluster.Count));
    }

    /// <summary>The module goes.</summary>
    public void Release()
    {
        EmulationApi.FunctionRelease(_handle);
        _handle = 0;
    }
}
