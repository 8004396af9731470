namespace SglNative.Engine.Configuration;

/// <summary>What <c>--device</c> asks for.</summary>
public enum DeviceChoice
{
    /// <summary>CUDA where a usable NVIDIA GPU is found, else the CPU.</summary>
    Auto,

    /// <summary>The CPU backend.</summary>
    Cpu,

    /// <summary>The CUDA backend; an error where no GPU can be used.</summary>
    Cuda,

    /// <summary>The CUDA backend on the emulated device: the kernels' sources, compiled for the host. For tests.</summary>
    Emulated,
}
