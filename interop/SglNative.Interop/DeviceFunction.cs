namespace SglNative.Interop;

/// <summary>A kernel that can be launched.</summary>
public abstract class DeviceFunction
{
    /// <summary>The instantiation, as in <see cref="Kernels.KernelSource.Instantiations"/>.</summary>
    public abstract string Name { get; }

    /// <summary>What the compiler says about it.</summary>
    public abstract FunctionAttributes Attributes { get; }

    /// <summary>Size in bytes of each parameter; null when the provider cannot tell. A launch checks its arguments against it.</summary>
    public abstract IReadOnlyList<int>? ParameterSizes { get; }

    /// <summary>
    /// Allows launches with up to <paramref name="bytes"/> of dynamic shared memory; needed beyond 48 KB, at most
    /// <see cref="DeviceCapabilities.SharedMemoryPerBlockOptIn"/> less the static part.
    /// </summary>
    public abstract void SetMaxDynamicSharedMemory(int bytes);

    /// <summary>Preferred share of shared memory against L1, in per cent; -1 leaves the choice to the driver.</summary>
    public abstract void SetSharedMemoryCarveout(int percent);

    /// <summary>Allows cluster sizes above 8 that not every device can place.</summary>
    public abstract void AllowNonPortableClusterSize();

    /// <summary>Blocks of <paramref name="threads"/> threads that fit one multiprocessor at once.</summary>
    public abstract int MaxActiveBlocks(int threads, int dynamicSharedMemory);

    /// <summary>Clusters of the given launch that fit the whole device at once.</summary>
    public abstract int MaxActiveClusters(in LaunchConfig config);
}
