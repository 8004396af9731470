namespace SglNative.Models.Registry;

/// <summary>Says why an architecture cannot be served, and what can.</summary>
internal static class UnsupportedArchitecture
{
    public static string Explain(IReadOnlyList<string> wanted, IEnumerable<string> supported)
    {
        if (wanted.Count == 0) return "config.json names no architectures: expected a list such as [\"LlamaForCausalLM\"]";
        var list = $"[{string.Join(", ", wanted)}]";
        if (wanted.Any(IsEncoderDecoder))
            return $"Model architectures {list} are encoder-decoder models, which are not supported: use a decoder-only ...ForCausalLM checkpoint";
        if (wanted.Any(IsVision))
            return $"Model architectures {list} take images or audio, which is not supported yet: use a text-only checkpoint of the family";
        if (wanted.Any(IsEmbedding))
            return $"Model architectures {list} are embedding, reward or classification models, which are not supported yet: use a ...ForCausalLM checkpoint";
        var names = supported.ToArray();
        var nearest = names.MinBy(name => Distance(name, wanted[0]));
        return $"Model architectures {list} are not supported for now. Supported architectures: {string.Join(", ", names)}; nearest: {nearest}";
    }

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
