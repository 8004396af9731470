using SglNative.Core.Tensors;

namespace SglNative.Models.Operations;

/// <summary>Per-row parameters of <see cref="Ops.Sample"/>, each a device tensor [R].</summary>
/// <param name="Temperature">float32; 0 takes the largest logit (the smallest id among equals).</param>
/// <param name="TopK">int32; keeps the k largest; 0 or less keeps all.</param>
/// <param name="TopP">float32 in (0, 1]; keeps the smallest set of largest probabilities whose sum reaches it.</param>
/// <param name="MinP">float32 in [0, 1]; drops what is less probable than MinP times the most probable.</param>
/// <param name="Seed">int64; with <paramref name="Position"/> the only source of randomness.</param>
/// <param name="Position">int32; the position of the token to draw, so that a seed gives one stream however steps are batched.</param>
/// <param name="AllGreedy">True when every temperature is 0, which the host knows: then nothing but the argmax is needed.</param>
public readonly record struct SamplingInputs(
    Tensor Temperature, Tensor TopK, Tensor TopP, Tensor MinP, Tensor Seed, Tensor Position, bool AllGreedy);
