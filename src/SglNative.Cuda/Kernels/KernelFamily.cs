using SglNative.Interop;

namespace SglNative.Cuda.Kernels;

/// <summary>
/// The instantiations of one kernel template, found by their parameters without building a string: the step loop allocates nothing.
/// </summary>
/// <param name="loader">Where instantiations come from.</param>
/// <param name="name">The file and expression of an instantiation.</param>
/// <param name="sharedMemory">Bytes of dynamic shared memory of an instantiation; null for none.</param>
internal sealed class KernelFamily<TKey>(KernelLoader loader, Func<TKey, KernelName> name, Func<TKey, int>? sharedMemory = null)
    where TKey : struct
{
    /// <summary>What a launch may use without asking for more.</summary>
    private const int DefaultSharedMemory = 48 << 10;

    private readonly Dictionary<TKey, DeviceFunction> _functions = [];

    /// <summary>The instantiation for <paramref name="key"/>.</summary>
    public DeviceFunction this[TKey key] => _functions.TryGetValue(key, out var function) ? function : Load(key);

    private DeviceFunction Load(TKey key)
    {
        var function = loader.Load(name(key));
        if (sharedMemory?.Invoke(key) is > DefaultSharedMemory and var bytes) function.SetMaxDynamicSharedMemory(bytes);
        return _functions[key] = function;
    }
}
