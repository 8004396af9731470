using SglNative.Models.Operations;

namespace SglNative.Models.Layers;

/// <summary>The numbers of a mixture of experts.</summary>
public sealed record MoeConfig
{
    /// <summary>H, the width of the residual stream.</summary>
    public required int HiddenSize { get; init; }

    /// <summary>E, the routed experts.</summary>
    public required int Experts { get; init; }

    /// <summary>I, the width of a routed expert.</summary>
    public required int ExpertSize { get; init; }

    /// <summary>How a token finds its experts.</summary>
    public required RoutingOptions Routing { get; init; }

    /// <summary>What an expert computes between its projections.</summary>
    public ExpertOptions Expert { get; init; } = new();

    /// <summary>Whether the experts' projections add biases.</summary>
    public bool ExpertBias { get; init; }

    /// <summary>Whether the router adds a bias to its logits.</summary>
    public bool RouterBias { get; init; }

    /// <summary>Whether a learned number per expert, <c>e_score_correction_bias</c> of the router, takes part in the choice but not in the weights.</summary>
    public bool CorrectionBias { get; init; }

    /// <summary>Width of the expert that every token uses besides (of all of them together where there are several); 0 for none.</summary>
    public int SharedSize { get; init; }

    /// <summary>Whether σ of a learned projection of the token scales the shared expert's output.</summary>
    public bool SharedGate { get; init; }

    /// <summary>The router's name in the checkpoint.</summary>
    public string RouterName { get; init; } = "gate";

    /// <summary>The shared expert's name in the checkpoint; its gate's is that + <c>_gate</c>.</summary>
    public string SharedName { get; init; } = "shared_expert";
}
