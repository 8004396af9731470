using System.Runtime.CompilerServices;

namespace SglNative.Interop;

/// <summary>Launches of kernels whose only parameter is one record of arguments.</summary>
public static class KernelLaunch
{
    /// <summary>
    /// Launches a kernel declared as <c>__global__ void k(const __grid_constant__ Arguments a)</c>, whose record has the fields of
    /// <typeparamref name="T"/> in the same order, types and padding (<c>bool</c> as <c>byte</c>, pointers as <c>nint</c>).
    /// </summary>
    public static unsafe void Launch<T>(this IComputeDevice device, DeviceFunction function, in LaunchConfig config, in T arguments)
        where T : unmanaged
    {
        ArgumentNullException.ThrowIfNull(device);
        ArgumentNullException.ThrowIfNull(function);
        if (function.ParameterSizes is { } sizes && (sizes.Count != 1 || sizes[0] != sizeof(T)))
            throw new ArgumentException(
                $"{function.Name} takes parameters of {string.Join(" + ", sizes)} bytes, not one {typeof(T).Name} of {sizeof(T)} bytes",
                nameof(arguments));
        fixed (T* pointer = &arguments)
        {
            var address = (nint)pointer;
            device.Launch(function, config, new ReadOnlySpan<nint>(in address));
        }
    }
}
