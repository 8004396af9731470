using SglNative.Core;
using SglNative.Cuda;
using SglNative.Interop;
using SglNative.Interop.Collectives;

namespace SglNative.Engine.Parallelism;

/// <summary>Open devices that are about to become the ranks of a model.</summary>
internal sealed class DeviceGroup
{
    private readonly IComputeDevice[] _devices;
    private readonly CudaOptions _options;
    private readonly CommunicatorId _id;

    private DeviceGroup(IComputeDevice[] devices, CudaOptions options) => (_devices, _options, _id) = (devices, options, devices[0].CreateCommunicatorId());

    /// <summary>Opens the devices of the given numbers; all or none.</summary>
    /// <exception cref="SglException">There are fewer, one cannot be used, or they cannot work together.</exception>
    public static DeviceGroup Open(string provider, IReadOnlyList<int> ordinals, CudaOptions options)
    {
        if (CudaBindings.Devices.TryGet(provider, out var found) && found.CountDevices(out _) is > 0 and var count && ordinals.Max() >= count)
            throw new SglException($"--tensor-parallel-size {ordinals.Count} needs {provider} devices up to number {ordinals.Max()}, and there are {count} (0 to {count - 1}): "
                + "give a smaller size, or see --base-gpu-id and --gpu-id-step");
        var devices = new List<IComputeDevice>();
        try
        {
            foreach (var ordinal in ordinals) devices.Add(CudaBindings.Devices.Open(provider, ordinal, options.Device));
            return new DeviceGroup([.. devices], options);
        }
        catch (Exception e)
        {
            foreach (var device in devices) device.Dispose();
            if (e is DeviceException) throw new SglException($"{ordinals.Count} devices cannot work together: {e.Message}", e);
            throw;
        }
    }

    /// <summary>The backend of a rank; blocks until all ranks have joined.</summary>
    /// <exception cref="SglException">They cannot work together.</exception>
    public CudaBackend Join(int rank)
    {
        DeviceCommunicator communicator;
        try
        {
            communicator = _devices[rank].JoinCommunicator(_id, rank, _devices.Length);
        }
        catch (Exception e)
        {
            _devices[rank].Dispose();
            if (e is DeviceException) throw new SglException($"{_devices.Length} devices cannot work together: {e.Message}", e);
            throw;
        }
        return new CudaBackend(_devices[rank], _options, communicator);
    }
}
