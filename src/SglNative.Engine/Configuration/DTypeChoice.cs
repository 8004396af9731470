namespace SglNative.Engine.Configuration;

/// <summary>What <c>--dtype</c> asks for: the type of weights and activations.</summary>
public enum DTypeChoice
{
    /// <summary>The type that fits the checkpoint and the device.</summary>
    Auto,

    /// <summary>bfloat16.</summary>
    BFloat16,

    /// <summary>IEEE half precision.</summary>
    Float16,

    /// <summary>IEEE single precision.</summary>
    Float32,
}
