namespace SglNative.Engine.Configuration;

/// <summary>The kind of device an engine was decided to run on.</summary>
public enum DeviceKind
{
    /// <summary>The processor's own cores.</summary>
    Cpu,

    /// <summary>An NVIDIA GPU, or its emulation.</summary>
    Cuda,
}
