using SglNative.Core.Configuration;
using SglNative.Core.Tensors;
using SglNative.Models;
using SglNative.Models.Backends;

namespace SglNative.Engine.Loading;

/// <summary>A model with its weights on a device; what an engine or a benchmark runs.</summary>
/// <param name="Model">The model.</param>
/// <param name="Backend">The device; disposed with this.</param>
/// <param name="Config">The checkpoint's configuration, overrides merged.</param>
/// <param name="Generation">The checkpoint's generation defaults.</param>
/// <param name="Info">What is known of it.</param>
/// <param name="KvDType">Type of the KV cache.</param>
public sealed record LoadedModel(CausalLM Model, Backend Backend, CheckpointConfig Config, GenerationConfig Generation, ModelInfo Info, DType KvDType) : IDisposable
{
    /// <inheritdoc/>
    public void Dispose() => Backend.Dispose();
}
