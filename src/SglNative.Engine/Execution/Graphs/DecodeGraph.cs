using SglNative.Core.Tensors;
using SglNative.Models.Backends;
using SglNative.Models.Modules;
using SglNative.Models.Operations;

namespace SglNative.Engine.Execution.Graphs;

/// <summary>A decode step of one batch size, from token ids to logits, recorded to be replayed.</summary>
/// <param name="Size">Sequences of the batch, those that pad it included.</param>
/// <param name="Operations">The recording.</param>
/// <param name="Hidden">Where it leaves the final hidden states, [Size, H].</param>
/// <param name="Logits">Where it leaves the logits, float32 [Size, vocabulary].</param>
/// <param name="End">Where the arena stands after it.</param>
/// <param name="Observer">Who observed it; null for nobody.</param>
internal sealed record DecodeGraph(int Size, RecordedOperations Operations, Tensor Hidden, Tensor Logits, TensorArena.Mark End, IModuleObserver? Observer);
