using SglNative.Models.Operations;
using SglNative.Models.Weights;

namespace SglNative.Models.Layers;

/// <summary>A router of a model, for those who observe it: the module of this name returns its logits, [tokens, experts].</summary>
/// <param name="Name">Path in the module tree.</param>
/// <param name="Experts">The experts that it chooses from.</param>
/// <param name="Routing">How it chooses.</param>
/// <param name="Correction">What it adds to the scores for the choice alone, float32 [experts]; null for nothing.</param>
public sealed record Router(string Name, int Experts, RoutingOptions Routing, Parameter? Correction);
