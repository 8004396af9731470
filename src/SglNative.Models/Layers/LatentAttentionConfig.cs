using SglNative.Core.Configuration;

namespace SglNative.Models.Layers;

/// <summary>The numbers of a multi-head latent attention block.</summary>
public sealed record LatentAttentionConfig
{
    /// <summary>H, the width of the residual stream.</summary>
    public required int HiddenSize { get; init; }

    /// <summary>Query heads; keys and values have none of their own.</summary>
    public required int Heads { get; init; }

    /// <summary>Width of the latent that queries are projected through; 0 for none.</summary>
    public int QueryRank { get; init; }

    /// <summary>Width of the latent that keys and values are made of.</summary>
    public required int Rank { get; init; }

    /// <summary>Elements of a head's query and key that do not rotate.</summary>
    public required int NopeDim { get; init; }

    /// <summary>Elements that rotate; all heads share those of the key.</summary>
    public required int RopeDim { get; init; }

    /// <summary>Elements of a head's value.</summary>
    public required int ValueDim { get; init; }

    /// <summary>Whether the projections from and to the residual stream add biases.</summary>
    public bool Bias { get; init; }

    /// <summary>Epsilon of the norms of both latents.</summary>
    public required float NormEps { get; init; }

    /// <summary>Factor on q·k.</summary>
    public required float Scale { get; init; }

    /// <summary>Position embedding.</summary>
    public required RopeConfig Rope { get; init; }

    /// <summary>Whether neighbours rotate together rather than halves.</summary>
    public bool Interleaved { get; init; }
}
