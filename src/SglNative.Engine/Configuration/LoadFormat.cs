namespace SglNative.Engine.Configuration;

/// <summary>What <c>--load-format</c> asks for: where the weights come from.</summary>
public enum LoadFormat
{
    /// <summary>The form found in the model's folder, which today is safetensors.</summary>
    Auto,

    /// <summary>Safetensors, and an error where there is none.</summary>
    Safetensors,

    /// <summary>Random weights from a fixed seed, made on the device; only the configuration is read.</summary>
    Dummy,
}
