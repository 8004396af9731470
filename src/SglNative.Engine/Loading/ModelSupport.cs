using SglNative.Core.Tensors;
using SglNative.Interop;
using SglNative.Models.Weights;

namespace SglNative.Engine.Loading;

/// <summary>
/// What every architecture runs on and in: models are written in operations that each backend has, and layers choose how weights are
/// stored. What an architecture loads beyond that is its own: <see cref="Models.Registry.RegisteredModel.Quantizations"/>.
/// </summary>
public static class ModelSupport
{
    /// <summary>Devices that are known, as <c>--device</c> takes them.</summary>
    public static IReadOnlyList<string> Backends { get; } = ["cpu", .. ComputeDevices.Default.Providers.Select(provider => provider.Name)];

    /// <summary>Types of weights that can be loaded.</summary>
    public static IReadOnlyList<string> WeightTypes { get; } = [.. Enum.GetValues<DType>().Where(HostConversion.CanRead).Select(dtype => dtype.TorchName())];
}
