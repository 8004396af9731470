namespace SglNative.Core.Configuration;

/// <summary>Finds the rotary parameters in either style of configuration.</summary>
internal sealed class RopeConfigReader
{
    private const string Published = "rope_scaling";
    private const string Transformers5 = "rope_parameters";
    private const string SlidingLayers = "sliding_attention";
    private const string LocalTheta = "rope_local_base_freq";

    private readonly JsonConfig _config;
    private readonly JsonConfig _scaling;
    private readonly double? _theta;
    private readonly bool _perLayerType;

    public RopeConfigReader(JsonConfig config, string? layerType)
    {
        _config = config;
        // Gemma 3 as published: its sliding layers have a base of their own, and rope_scaling is for the others only.
        var local = layerType == SlidingLayers ? config.FindFloat(LocalTheta) : null;
        var published = local is null ? NonEmpty(Published) : null;
        var parameters = NonEmpty(Transformers5);
        var chosen = published ?? (local is null ? parameters : null);
        _perLayerType = chosen is not null && chosen.Keys.Any(chosen.IsObject);
        _scaling = chosen is null ? JsonConfig.Parse("{}", config.Source) : _perLayerType ? OfLayerType(chosen, layerType) : chosen;
        _theta = local ?? _scaling.FindFloat("rope_theta") ?? Float("rope_theta", "rotary_emb_base")
            ?? parameters?.FindFloat("rope_theta");
    }

    public RopeConfig Read()
    {
        var type = ReadType();
        var rope = new RopeConfig
        {
            Type = type,
            Theta = _theta ?? 10_000,
            Factor = _scaling.FindFloat("factor"),
            MaxPositionEmbeddings = _config.FirstOf("max_position_embeddings", "n_positions", "max_seq_len", "seq_length") is { } key
                ? _config.GetInt(key)
                : null,
            AttentionFactor = _scaling.FindFloat("attention_factor"),
            BetaFast = NonZero("beta_fast", 32),
            BetaSlow = NonZero("beta_slow", 1),
            Mscale = _scaling.FindFloat("mscale"),
            MscaleAllDim = _scaling.FindFloat("mscale_all_dim"),
            Truncate = _scaling.GetBool("truncate", true),
            LowFreqFactor = _scaling.FindFloat("low_freq_factor"),
            HighFreqFactor = _scaling.FindFloat("high_freq_factor"),
            ShortFactor = _scaling.FindFloats("short_factor"),
            LongFactor = _scaling.FindFloats("long_factor"),
            ShortMscale = _scaling.FindFloat("short_mscale"),
            LongMscale = _scaling.FindFloat("long_mscale"),
            Alpha = _scaling.FindFloat("alpha"),
            PartialRotaryFactor = _scaling.FindFloat("partial_rotary_factor") ?? Float("partial_rotary_factor", "rotary_pct") ?? 1,
            MropeSection = _scaling.FindInts("mrope_section"),
        };
        rope = rope with { OriginalMaxPositionEmbeddings = OriginalLength(rope) };
        Check(rope);
        return rope;
    }

    private RopeType ReadType()
    {
        var key = _scaling.FirstOf("rope_type", "type");
        if (key is null) return RopeType.Default;
        return _scaling.GetString(key) switch
        {
            // Multimodal rotation differs in the positions it is given, not in its frequencies.
            "default" or "mrope" => RopeType.Default,
            "linear" => RopeType.Linear,
            "dynamic" => RopeType.Dynamic,
            // Early Phi-3 files say "yarn" or "su" for what became longrope.
            "yarn" when _scaling.Has("short_factor") => RopeType.LongRope,
            "yarn" or "deepseek_yarn" => RopeType.Yarn,
            "llama3" => RopeType.Llama3,
            "longrope" or "su" => RopeType.LongRope,
            "proportional" => RopeType.Proportional,
            var other => throw _scaling.Error(key, $"is {MessageText.Quote(other)}; supported are default, linear, dynamic, yarn, llama3, longrope, proportional"),
        };
    }

    private int? OriginalLength(RopeConfig rope)
    {
        // Phi-3 keeps the length outside; transformers gives that one priority where all layers share the parameters.
        var outside = _perLayerType ? null : _config.FindInt("original_max_position_embeddings");
        return outside ?? _scaling.FindInt("original_max_position_embeddings") ?? rope.MaxPositionEmbeddings;
    }

    private void Check(RopeConfig rope)
    {
        if (rope.Theta is not (> 0 and < double.PositiveInfinity)) throw _config.Error("rope_theta", "must be a positive number");
        if (rope.PartialRotaryFactor is not (> 0 and <= 1)) throw _config.Error("partial_rotary_factor", "must lie in (0, 1]");
        if (rope.Factor is not null and not (> 0 and < double.PositiveInfinity)) throw _scaling.Error("factor", "must be a positive number");
        if (rope.OriginalMaxPositionEmbeddings < 1) throw _scaling.Error("original_max_position_embeddings", "must be positive");
        if (rope.MaxPositionEmbeddings < 1) throw _config.Error("max_position_embeddings", "must be positive");
        switch (rope.Type)
        {
            case RopeType.Linear:
                _scaling.GetFloat("factor");
                break;
            case RopeType.Dynamic:
                if (rope.Alpha is null) _scaling.GetFloat("factor");
                _config.GetInt("max_position_embeddings");
                break;
            case RopeType.Yarn:
                RequireLengths(rope);
                break;
            case RopeType.Llama3:
                _scaling.GetFloat("factor");
                if (_scaling.GetFloat("low_freq_factor") is not > 0) throw _scaling.Error("low_freq_factor", "must be positive");
                if (_scaling.GetFloat("high_freq_factor") is not > 0) throw _scaling.Error("high_freq_factor", "must be positive");
                RequireLengths(rope);
                break;
            case RopeType.LongRope:
                if (rope.ShortFactor is null) throw _scaling.Error("short_factor", "is missing, expected an array of numbers");
                if (rope.LongFactor is null) throw _scaling.Error("long_factor", "is missing, expected an array of numbers");
                RequireLengths(rope);
                break;
        }
    }

    private void RequireLengths(RopeConfig rope)
    {
        if (rope.OriginalMaxPositionEmbeddings is null) _scaling.GetInt("original_max_position_embeddings");
        if (rope is { Factor: null, MaxPositionEmbeddings: null }) _scaling.GetFloat("factor");
    }

    private JsonConfig? NonEmpty(string key) => _config.FindObject(key) is { } found && found.Keys.Any() ? found : null;

    private static JsonConfig OfLayerType(JsonConfig parameters, string? layerType)
    {
        var types = string.Join(", ", parameters.Keys);
        if (layerType is null) throw parameters.Error("rope_theta", $"is given per layer type ({types}), but this model's layers share one");
        return parameters.FindObject(layerType)
            ?? throw parameters.Error(layerType, $"is missing, expected the rotary parameters of those layers; found {types}");
    }

    private double NonZero(string key, double fallback) => _scaling.FindFloat(key) is { } value and not 0 ? value : fallback;

    private double? Float(params ReadOnlySpan<string> keys) => _config.FirstOf(keys) is { } key ? _config.FindFloat(key) : null;
}
