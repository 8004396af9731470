using SglNative.Core;
using SglNative.Core.Configuration;
using SglNative.Models.Layers;
using SglNative.Models.Modules;
using SglNative.Models.Operations;

namespace SglNative.Models.Architectures;

/// <summary>
/// The pre-norm decoder that most open models are, in numbers. An architecture reads its <c>config.json</c> into one of these and
/// changes what is its own.
/// </summary>
public sealed record DecoderConfig
{
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

    /// <summary>Whether the output head is the embedding.</summary>
    public bool TieWordEmbeddings { get; init; }

    /// <summary>Activation of the gated MLP.</summary>
    public GatedActivation Activation { get; init; }

    /// <summary>Whether the MLP's projections add biases.</summary>
    public bool MlpBias { get; init; }

    /// <summary>The attention block; a layer's window comes from <see cref="Windows"/>.</summary>
    public required AttentionConfig Attention { get; init; }

    /// <summary>What a layer has in the place of <see cref="Attention"/>, by its scope and index; null, or a result of null, for that.</summary>
    public Func<ModuleScope, int, TokenMixer?>? Mixer { get; init; }

    /// <summary>Sliding window of each layer, 0 for none; empty when no layer has one.</summary>
    public IReadOnlyList<int> Windows { get; init; } = [];

    /// <summary>Reads what the Llama-like architectures have in common.</summary>
    /// <exception cref="SglException">A field is missing, has the wrong type or an impossible value.</exception>
    public static DecoderConfig From(JsonConfig c)
    {
        var (hidden, heads) = (Positive(c, "hidden_size"), Positive(c, "num_attention_heads"));
        var kvHeads = c.FindInt("num_key_value_heads") ?? heads;
        if (kvHeads < 1 || heads % kvHeads != 0) throw c.Error("num_key_value_heads", $"is {kvHeads}, expected a divisor of num_attention_heads = {heads}");
        var headDim = c.FindInt("head_dim") ?? hidden / heads;
        if (headDim < 1) throw c.Error("head_dim", $"is {headDim}, expected at least 1");
        var eps = (float)c.GetFloat("rms_norm_eps", 1e-6);
        return new DecoderConfig
        {
            VocabSize = Positive(c, "vocab_size"),
            HiddenSize = hidden,
            IntermediateSize = Positive(c, "intermediate_size"),
            Layers = Positive(c, "num_hidden_layers"),
            NormEps = eps,
            TieWordEmbeddings = c.GetBool("tie_word_embeddings", false),
            Activation = ActivationOf(c),
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

    private static GatedActivation ActivationOf(JsonConfig c) => c.GetString("hidden_act", "silu") switch
    {
        "silu" or "swish" => GatedActivation.Silu,
        "gelu" => GatedActivation.Gelu,
        "gelu_pytorch_tanh" or "gelu_new" or "gelu_fast" => GatedActivation.GeluTanh,
        var other => throw c.Error("hidden_act", $"is '{other}', expected silu, gelu, gelu_new or gelu_pytorch_tanh"),
    };

    private static int Positive(JsonConfig c, string key)
    {
        var value = c.GetInt(key);
        return value > 0 ? value : throw c.Error(key, $"is {value}, expected at least 1");
    }
}
