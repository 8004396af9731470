using SglNative.Core;
using SglNative.Core.Configuration;
using SglNative.Models.Layers;
using SglNative.Models.Modules;
using SglNative.Models.Operations;

namespace SglNative.Models.Architectures;

/// <summary>
/// The decoder that most open models are, in numbers. An architecture reads its <c>config.json</c> into one of these and
/// changes what is its own.
/// </summary>
public sealed record DecoderConfig
{
    // Far above every model there is; a file that says more is damaged, and building what it says would take all memory.
    private const int MaxWidth = 1 << 24;
    private const int MaxVocabulary = 1 << 26;
    private const int MaxHeads = 1 << 14;
    private const int MaxHeadDim = 1 << 13;
    private const int MaxLayers = 1 << 14;

    /// <summary>Tokens of the vocabulary.</summary>
    public required int VocabSize { get; init; }

    /// <summary>Width of the residual stream.</summary>
    public required int HiddenSize { get; init; }

    /// <summary>Width of the MLP.</summary>
    public required int IntermediateSize { get; init; }

    /// <summary>Number of layers.</summary>
    public required int Layers { get; init; }

    /// <summary>Epsilon of the norms.</summary>
    public required float NormEps { get; init; }

    /// <summary>Kind of the norms.</summary>
    public NormKind Norm { get; init; }

    /// <summary>Where a layer normalises.</summary>
    public NormPlacement NormPlacement { get; init; }

    /// <summary>Factor on the embeddings (Gemma).</summary>
    public float EmbeddingScale { get; init; } = 1;

    /// <summary>Factor on what attention and MLP add to the residual (Granite).</summary>
    public float ResidualScale { get; init; } = 1;

    /// <summary>Factor on the logits, before their soft cap.</summary>
    public float LogitScale { get; init; } = 1;

    /// <summary>Logits become SoftCap · tanh(logit / SoftCap); 0 leaves them.</summary>
    public float LogitSoftCap { get; init; }

    /// <summary>Whether the output head is the embedding.</summary>
    public bool TieWordEmbeddings { get; init; }

    /// <summary>Activation of the gated MLP.</summary>
    public GatedActivation Activation { get; init; }

    /// <summary>What a plain MLP computes between its projections, an expression of x; null for a gated MLP.</summary>
    public string? PlainMlp { get; init; }

    /// <summary>Whether the MLP's projections add biases.</summary>
    public bool MlpBias { get; init; }

    /// <summary>The mixture of experts in the MLP's place; null for none.</summary>
    public MoeConfig? Moe { get; init; }

    /// <summary>Layers that have the dense MLP all the same.</summary>
    public IReadOnlyCollection<int> DenseLayers { get; init; } = [];

    /// <summary>The attention block; a layer's window comes from <see cref="Windows"/>.</summary>
    public required AttentionConfig Attention { get; init; }

    /// <summary>Whether the layers' projections compute in float16 where the model computes in bfloat16; see <see cref="ModuleScope.Finer"/>.</summary>
    public bool Finer { get; init; }

    /// <summary>Layers whose queries and keys are not rotated (SmolLM 3).</summary>
    public IReadOnlyCollection<int> Unrotated { get; init; } = [];

    /// <summary>What a layer has in the place of <see cref="Attention"/>, by its scope and index; null, or a result of null, for that.</summary>
    public Func<ModuleScope, int, TokenMixer?>? Mixer { get; init; }

    /// <summary>Sliding window of each layer, 0 for none; empty when no layer has one.</summary>
    public IReadOnlyList<int> Windows { get; init; } = [];

    /// <summary>Reads what the Llama-like architectures have in common.</summary>
    /// <exception cref="SglException">A field is missing, has the wrong type or an impossible value.</exception>
    public static DecoderConfig From(JsonConfig c)
    {
        var (hidden, heads) = (Size(c, "hidden_size", MaxWidth), Size(c, "num_attention_heads", MaxHeads));
        var kvHeads = c.FindInt("num_key_value_heads") ?? heads;
        if (kvHeads < 1 || heads % kvHeads != 0) throw c.Error("num_key_value_heads", $"is {kvHeads}, expected a divisor of num_attention_heads = {heads}");
        var headDim = HeadDimOf(c, hidden / heads);
        var eps = (float)c.GetFloat("rms_norm_eps", 1e-6);
        if (!(eps >= 0) || !float.IsFinite(eps)) throw c.Error("rms_norm_eps", $"is {eps}, expected a small number from 0");
        return new DecoderConfig
        {
            VocabSize = Size(c, "vocab_size", MaxVocabulary),
            HiddenSize = hidden,
            IntermediateSize = Size(c, "intermediate_size", MaxWidth),
            Layers = Size(c, "num_hidden_layers", MaxLayers),
            NormEps = eps,
            TieWordEmbeddings = c.GetBool("tie_word_embeddings", false),
            Activation = ActivationOf(c, "hidden_act", "silu"),
            MlpBias = c.GetBool("mlp_bias", false),
            Attention = new AttentionConfig
            {
                HiddenSize = hidden,
                Heads = heads,
                KvHeads = kvHeads,
                HeadDim = headDim,
                QkvBias = c.GetBool("attention_bias", false),
                OutputBias = c.GetBool("attention_bias", false),
                NormEps = eps,
                Rope = RopeConfig.From(c),
            },
        };
    }

    /// <summary>Windows by <c>layer_types</c> where it is given, else as <paramref name="slides"/> says of each layer.</summary>
    public DecoderConfig WithWindows(JsonConfig c, Func<int, bool> slides)
    {
        if (c.FindInt("sliding_window") is not { } window) return this;
        if (window < 1) throw c.Error("sliding_window", $"is {window}, expected at least 1");
        var types = c.FindStrings("layer_types");
        if (types is not null && types.Length != Layers) throw c.Error("layer_types", $"has {types.Length} entries, expected num_hidden_layers = {Layers}");
        var windows = new int[Layers];
        for (var i = 0; i < Layers; i++)
        {
            if (types is not null && types[i] is not ("sliding_attention" or "full_attention"))
                throw c.Error("layer_types", $"holds '{types[i]}', expected full_attention or sliding_attention");
            windows[i] = (types is null ? slides(i) : types[i] == "sliding_attention") ? window : 0;
        }
        return this with { Windows = windows };
    }

    /// <summary>The activation that a field names, or <paramref name="fallback"/> where it is absent.</summary>
    /// <exception cref="SglException">It is none of those.</exception>
    public static GatedActivation ActivationOf(JsonConfig c, string key, string fallback) => c.GetString(key, fallback) switch
    {
        "silu" or "swish" => GatedActivation.Silu,
        "gelu" => GatedActivation.Gelu,
        "gelu_pytorch_tanh" or "gelu_new" or "gelu_fast" => GatedActivation.GeluTanh,
        var other => throw c.Error(key, $"is '{other}', expected silu, gelu, gelu_new or gelu_pytorch_tanh"),
    };

    /// <summary>The width of a head, <paramref name="derived"/> where the file gives none.</summary>
    /// <exception cref="SglException">It is out of the range of any model.</exception>
    internal static int HeadDimOf(JsonConfig c, int derived)
    {
        var headDim = c.FindInt("head_dim") ?? derived;
        return headDim is > 0 and <= MaxHeadDim ? headDim : throw c.Error("head_dim", $"is {headDim}, expected 1 to {MaxHeadDim}");
    }

    /// <summary>An integer above 0.</summary>
    /// <exception cref="SglException">It is absent, of another type, or not.</exception>
    public static int Positive(JsonConfig c, string key) => Size(c, key, MaxWidth);

    private static int Size(JsonConfig c, string key, int most)
    {
        var value = c.GetInt(key);
        return value > 0 && value <= most ? value : throw c.Error(key, $"is {value}, expected 1 to {most}");
    }

    /// <summary>A number above 0, or <paramref name="fallback"/> where it is absent.</summary>
    /// <exception cref="SglException">It is of another type, or not.</exception>
    public static double PositiveNumber(JsonConfig c, string key, double fallback)
    {
        var value = c.GetFloat(key, fallback);
        return value is > 0 and < double.PositiveInfinity ? value : throw c.Error(key, $"is {value}, expected a number above 0");
    }
}
