using System.Diagnostics.CodeAnalysis;
using SglNative.Core;
using SglNative.Interop.Cuda;
using SglNative.Interop.Emulated;

namespace SglNative.Interop;

/// <summary>The providers of devices that a program knows, by name. Immutable: <see cref="With"/> makes a larger set.</summary>
public sealed class ComputeDevices
{
    private readonly IReadOnlyDictionary<string, IComputeDeviceProvider> _providers;

    /// <summary>A set of the given providers; of two with one name the later counts.</summary>
    public ComputeDevices(params ReadOnlySpan<IComputeDeviceProvider> providers)
    {
        var byName = new Dictionary<string, IComputeDeviceProvider>(StringComparer.OrdinalIgnoreCase);
        foreach (var provider in providers) byName[provider.Name] = provider;
        _providers = byName;
    }

    /// <summary>What this library itself brings: <c>cuda</c> and <c>emulated</c>.</summary>
    public static ComputeDevices Default { get; } = new(new CudaDeviceProvider(), new EmulatedDeviceProvider());

    /// <summary>All providers.</summary>
    public IEnumerable<IComputeDeviceProvider> Providers => _providers.Values;

    /// <summary>This set and <paramref name="provider"/>, which replaces one of the same name.</summary>
    public ComputeDevices With(IComputeDeviceProvider provider) => new([.. _providers.Values, provider]);

    /// <summary>The provider called <paramref name="name"/>.</summary>
    public bool TryGet(string name, [NotNullWhen(true)] out IComputeDeviceProvider? provider) => _providers.TryGetValue(name, out provider);

    /// <summary>Opens device <paramref name="ordinal"/> of the provider called <paramref name="provider"/>.</summary>
    /// <exception cref="SglException">Unknown provider, no such device, or one that cannot be used.</exception>
    public IComputeDevice Open(string provider, int ordinal = 0, DeviceOptions? options = null) =>
        TryGet(provider, out var found)
            ? found.Open(ordinal, options ?? DeviceOptions.Default)
            : throw new SglException($"unknown device '{provider}'; known: {string.Join(", ", _providers.Keys.Order())}");

    /// <summary>
    /// Number of CUDA devices this process can use; 0 with one line that says why not: no driver, a driver that is too old, a GPU
    /// that is there but hidden or unusable. Fast, and never throws; for <c>--device auto</c>.
    /// </summary>
    public static int TryFindCuda(out string? reason) => new CudaDeviceProvider().CountDevices(out reason);
}
