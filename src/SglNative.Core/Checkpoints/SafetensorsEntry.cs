using SglNative.Core.Tensors;

namespace SglNative.Core.Checkpoints;

/// <summary>One tensor of a safetensors header: its bytes are [Begin, End) of the data that follows the header.</summary>
internal sealed record SafetensorsEntry(string Name, DType DType, Shape Shape, long Begin, long End);
