using SglNative.Core.Configuration;

namespace SglNative.Models.Layers;

/// <summary>The numbers of a multi-head attention block.</summary>
public sealed record AttentionConfig
{
    /// <summary>H, the width of the residual stream.</summary>
    public required int HiddenSize { get; init; }

    /// <summary>Hq, query heads.</summary>
    public required int Heads { get; init; }

    /// <summary>Hk, key and value heads; divides Hq.</summary>
    public required int KvHeads { get; init; }

    /// <summary>D, the width of a head; Hq · D need not be H.</summary>
    public required int HeadDim { get; init; }

    /// <summary>Whether q, k and v add a bias.</summary>
    public bool QkvBias { get; init; }

    /// <summary>Whether the output projection adds a bias.</summary>
    public bool OutputBias { get; init; }

    /// <summary>Whether each head of q and k is RMS-normalised before the rotation.</summary>
    public bool QkNorm { get; init; }

    /// <summary>Whether those norms take all heads together as one vector (OLMo 2).</summary>
    public bool QkNormAcrossHeads { get; init; }

    /// <summary>Added to the weights of those norms: 1 where they are centred on zero.</summary>
    public float QkNormOffset { get; init; }

    /// <summary>Whether σ of a projection of the input, <c>gate_proj</c>, multiplies what attention returns.</summary>
    public bool OutputGate { get; init; }

    /// <summary>Epsilon of the norms.</summary>
    public float NormEps { get; init; }

    /// <summary>Limit of the magnitudes of q, k and v; 0 for none.</summary>
    public float ClipQkv { get; init; }

    /// <summary>Position embedding; null for none.</summary>
    public RopeConfig? Rope { get; init; }

    /// <summary>Factor on q·k; null for D^-0.5.</summary>
    public float? Scale { get; init; }

    /// <summary>Scores become SoftCap · tanh(score / SoftCap); 0 leaves them.</summary>
    public float SoftCap { get; init; }

    /// <summary>Whether each query head has a learned score of its own that takes a share of the softmax (gpt-oss).</summary>
    public bool Sinks { get; init; }

    /// <summary>Sliding window in tokens; 0 for none.</summary>
    public int Window { get; init; }
}
