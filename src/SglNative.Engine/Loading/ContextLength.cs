using SglNative.Core;
using SglNative.Core.Configuration;

namespace SglNative.Engine.Loading;

/// <summary>How long a sequence of a model can be.</summary>
internal static class ContextLength
{
    private static readonly string[] Keys = ["max_position_embeddings", "n_positions", "max_sequence_length", "max_seq_len", "seq_length", "n_ctx", "model_max_length"];
    private const int Unknown = 2048;

    /// <summary>The model's own maximum, or <paramref name="requested"/> where it is not above it.</summary>
    /// <exception cref="SglException">More was requested than the model supports.</exception>
    public static int Resolve(CheckpointConfig config, int? requested)
    {
        var maximum = Maximum(config.Text);
        if (requested is null) return maximum;
        if (requested < 1) throw new SglException($"--context-length is {requested}, expected at least 1");
        if (requested > maximum)
            throw new SglException($"--context-length {requested} is above the model's maximum of {maximum} (config.json); leave it out or give at most {maximum}, "
                + "or extend the model itself with --json-model-override-args");
        return requested.Value;
    }

    private static int Maximum(JsonConfig config)
    {
        if (config.FirstOf(Keys) is not { } key) return Unknown;
        var length = config.GetInt(key);
        if (length < 1) throw config.Error(key, $"is {length}, expected at least 1");
        // Linear and dynamic scaling stretch the trained length, unless the file states both; the other kinds state the stretched one.
        var rope = RopeConfig.From(config);
        var stretches = rope.Type is RopeType.Linear or RopeType.Dynamic && (rope.OriginalMaxPositionEmbeddings ?? length) == length;
        var factor = stretches ? rope.Factor ?? 1 : 1;
        return (int)Math.Min(int.MaxValue / 2, length * Math.Max(1, factor));
    }
}
