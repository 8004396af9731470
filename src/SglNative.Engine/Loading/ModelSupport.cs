namespace SglNative.Engine.Loading;

/// <summary>What every architecture runs on and in: models are written in operations that each backend has, and layers choose how weights are stored.</summary>
public static class ModelSupport
{
    /// <summary>Values of <c>--device</c>.</summary>
    public static IReadOnlyList<string> Backends { get; } = ["cpu", "cuda"];

    /// <summary>Forms of weights that can be loaded.</summary>
    public static IReadOnlyList<string> WeightTypes { get; } = ["bfloat16", "float16", "float32"];

    /// <summary>Quantisations that can be loaded; none yet.</summary>
    public static IReadOnlyList<string> Quantizations { get; } = [];
}
