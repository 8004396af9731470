namespace SglNative.Core.Configuration;

/// <summary>
/// The rotary embedding of a layer, the same whether the checkpoint writes <c>rope_theta</c> and <c>rope_scaling</c> or
/// transformers 5's <c>rope_parameters</c>.
/// </summary>
public sealed record RopeConfig
{
    /// <summary>The kind of scaling.</summary>
    public RopeType Type { get; init; }

    /// <summary>The base of the frequencies.</summary>
    public double Theta { get; init; } = 10_000;

    /// <summary>How much longer the context is than in training; null where the lengths below say it.</summary>
    public double? Factor { get; init; }

    /// <summary>Longest sequence the model supports, in tokens; null when the configuration does not say.</summary>
    public int? MaxPositionEmbeddings { get; init; }

    /// <summary>Longest sequence of the training before the stretch, in tokens.</summary>
    public int? OriginalMaxPositionEmbeddings { get; init; }

    /// <summary>Factor on cos and sin, when given instead of derived.</summary>
    public double? AttentionFactor { get; init; }

    /// <summary>YaRN: rotations above which a frequency is kept.</summary>
    public double BetaFast { get; init; } = 32;

    /// <summary>YaRN: rotations below which a frequency is interpolated.</summary>
    public double BetaSlow { get; init; } = 1;

    /// <summary>YaRN: weight of the factor on cos and sin.</summary>
    public double? Mscale { get; init; }

    /// <summary>YaRN: weight that the attention's own scale already has (DeepSeek).</summary>
    public double? MscaleAllDim { get; init; }

    /// <summary>YaRN: whether the ends of the ramp are rounded to whole dimensions.</summary>
    public bool Truncate { get; init; } = true;

    /// <summary>Llama 3: wavelengths above original / this are divided by the factor.</summary>
    public double? LowFreqFactor { get; init; }

    /// <summary>Llama 3: wavelengths below original / this are kept.</summary>
    public double? HighFreqFactor { get; init; }

    /// <summary>LongRoPE: divisor of each frequency up to the original length.</summary>
    public IReadOnlyList<double>? ShortFactor { get; init; }

    /// <summary>LongRoPE: divisor of each frequency beyond the original length.</summary>
    public IReadOnlyList<double>? LongFactor { get; init; }

    /// <summary>LongRoPE in PhiMoE: factor on cos and sin up to the original length.</summary>
    public double? ShortMscale { get; init; }

    /// <summary>LongRoPE in PhiMoE: factor on cos and sin beyond the original length.</summary>
    public double? LongMscale { get; init; }

    /// <summary>Dynamic scaling in Hunyuan: a fixed growth of the base instead of one by length.</summary>
    public double? Alpha { get; init; }

    /// <summary>The part of a head that rotates.</summary>
    public double PartialRotaryFactor { get; init; } = 1;

    /// <summary>Multimodal rotation: how many frequencies belong to time, height and width.</summary>
    public IReadOnlyList<int>? MropeSection { get; init; }

    /// <summary>Number of rotated dimensions in a head of <paramref name="headDim"/>.</summary>
    public int RotaryDim(int headDim) => Type == RopeType.Proportional ? headDim : (int)(headDim * PartialRotaryFactor);

    /// <summary>Reads the rotary embedding of a model, or of its layers of one type.</summary>
    /// <param name="config">The language model's configuration (<see cref="CheckpointConfig.Text"/>).</param>
    /// <param name="layerType">A name in <c>layer_types</c> such as <c>sliding_attention</c>, for models whose layers differ; else null.</param>
    /// <exception cref="SglException">An unknown type, or a parameter that is missing, of the wrong type or impossible.</exception>
    public static RopeConfig From(JsonConfig config, string? layerType = null) => new RopeConfigReader(config, layerType).Read();
}
