namespace SglNative.Models.Registry;

/// <summary>Says why an architecture cannot be served, and what can.</summary>
/// <param name="wanted">What <c>config.json</c> names.</param>
/// <param name="supported">What can be served.</param>
/// <param name="failures">Plugins that could not be used.</param>
/// <param name="disabledBy">What disabled a name; null where nothing did.</param>
/// <param name="absent">What could serve a name that is not there; null where nothing is known.</param>
internal sealed class UnsupportedArchitecture(
    IReadOnlyList<string> wanted, IEnumerable<string> supported, IReadOnlyList<PluginFailure> failures,
    Func<string, string?> disabledBy, Func<string, string?> absent)
{
    public string Explain()
    {
        var list = $"[{string.Join(", ", wanted)}]";
        foreach (var failure in failures)
            if (wanted.Any(failure.Architectures.Contains))
                return $"Model architectures {list} failed to be inspected: plugin {failure.Plugin}: {failure.Cause}";
        var names = supported.ToArray();
        return $"Model architectures {list} are not supported for now. Supported architectures: {string.Join(", ", names)}{string.Concat(Hints(names).Select(hint => $"; {hint}"))}";
    }

    /// <summary>True where neither a plugin nor the names themselves say anything of the architectures.</summary>
    public bool IsUnknown => wanted.Count > 0 && !failures.Any(failure => wanted.Any(failure.Architectures.Contains))
        && !wanted.Any(name => disabledBy(name) is not null || absent(name) is not null || IsEncoderDecoder(name) || IsVision(name) || IsEmbedding(name));

    private IEnumerable<string> Hints(string[] names)
    {
        if (wanted.Count == 0)
        {
            yield return "config.json names no architectures: expected a list such as [\"LlamaForCausalLM\"]";
            yield break;
        }
        foreach (var name in wanted)
        {
            if (disabledBy(name) is { } where) yield return $"{name} is disabled by {where}";
            if (absent(name) is { } hint) yield return hint;
        }
        if (wanted.Any(IsEncoderDecoder)) yield return "they are encoder-decoder models, which are not supported: use a decoder-only ...ForCausalLM checkpoint";
        else if (wanted.Any(IsVision)) yield return "they take images or audio, which is not supported yet: use a text-only checkpoint of the family";
        else if (wanted.Any(IsEmbedding)) yield return "they are embedding, reward or classification models, which are not supported yet: use a ...ForCausalLM checkpoint";
        else
        {
            if (Nearest(names) is { } nearest) yield return $"nearest: {nearest}";
            if (!wanted.Any(name => disabledBy(name) is not null || absent(name) is not null))
                yield return $"a plugin may bring {wanted[0]}: sgl-native plugin install PACKAGE (sgl-native plugin list shows what is installed)";
        }
    }

    private string? Nearest(string[] names) => names.MinBy(name => wanted.Min(one => Distance(name, one)));

    // Text models that share the ending of those that take images.
    private static readonly string[] EncoderDecoders =
        ["T5", "MT5", "UMT5", "LongT5", "Bart", "MBart", "Pegasus", "PegasusX", "Blenderbot", "BlenderbotSmall", "M2M100", "SwitchTransformers", "LED", "Plbart", "ProphetNet", "Mvp"];

    private static bool IsEncoderDecoder(string name) =>
        name.EndsWith("ForConditionalGeneration", StringComparison.Ordinal) && EncoderDecoders.Contains(name[..^"ForConditionalGeneration".Length], StringComparer.OrdinalIgnoreCase);

    private static bool IsVision(string name) =>
        name.EndsWith("ForConditionalGeneration", StringComparison.Ordinal) || name.Contains("VL", StringComparison.Ordinal)
        || name.Contains("Vision", StringComparison.Ordinal) || name.Contains("Llava", StringComparison.Ordinal);

    private static bool IsEmbedding(string name) =>
        name.EndsWith("ForSequenceClassification", StringComparison.Ordinal) || name.EndsWith("ForRewardModel", StringComparison.Ordinal)
        || name.EndsWith("Model", StringComparison.Ordinal) || name.EndsWith("ForMaskedLM", StringComparison.Ordinal)
        || name.EndsWith("ForTokenClassification", StringComparison.Ordinal);

    // Levenshtein distance over two rows.
    private static int Distance(string a, string b)
    {
        var row = new int[b.Length + 1];
        for (var j = 0; j <= b.Length; j++) row[j] = j;
        for (var i = 1; i <= a.Length; i++)
        {
            var diagonal = row[0];
            row[0] = i;
            for (var j = 1; j <= b.Length; j++)
            {
                var cost = Math.Min(Math.Min(row[j], row[j - 1]) + 1, diagonal + (a[i - 1] == b[j - 1] ? 0 : 1));
                (diagonal, row[j]) = (row[j], cost);
            }
        }
        return row[b.Length];
    }
}
