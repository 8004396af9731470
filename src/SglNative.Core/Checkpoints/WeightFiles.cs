namespace SglNative.Core.Checkpoints;

/// <summary>
/// Decides, from file names alone, which files of a checkpoint hold its weights; the same rule picks what is read from a folder and
/// what is downloaded from the Hub. As in transformers, <c>model.safetensors</c> comes first, then the shards of its index, then any
/// other safetensors file; <c>consolidated*</c> repeats the same weights under the publisher's names and counts only when alone.
/// </summary>
/// <param name="Index">The index to follow (the weight files are then those it names), or null.</param>
/// <param name="Files">The weight files when there is no index; sorted.</param>
internal sealed record WeightFiles(string? Index, IReadOnlyList<string> Files)
{
    public const string SingleName = "model.safetensors";
    public const string IndexName = "model.safetensors.index.json";
    private const string IndexSuffix = ".safetensors.index.json";

    private static readonly string[] ForeignSuffixes = [".gguf", ".bin", ".pth", ".pt", ".ckpt", ".h5", ".msgpack", ".onnx"];

    /// <summary>True when there is nothing to read.</summary>
    public bool IsEmpty => Index is null && Files.Count == 0;

    /// <summary>Chooses among the names of the files directly in a checkpoint's folder.</summary>
    public static WeightFiles Select(IEnumerable<string> names)
    {
        var all = names.ToArray();
        if (all.Contains(SingleName)) return new WeightFiles(null, [SingleName]);
        if (all.Contains(IndexName)) return new WeightFiles(IndexName, []);
        var weights = all.Where(n => n.EndsWith(".safetensors", StringComparison.Ordinal) && !IsAdapter(n)).Order(StringComparer.Ordinal).ToArray();
        var published = weights.Where(n => !IsConsolidated(n)).ToArray();
        var indices = all.Where(n => n.EndsWith(IndexSuffix, StringComparison.Ordinal) && IsConsolidated(n) == (published.Length == 0)).ToArray();
        if (indices.Length == 1) return new WeightFiles(indices[0], []);
        return new WeightFiles(null, published.Length > 0 ? published : weights);
    }

    /// <summary>Why a folder or repository without safetensors weights cannot be used, and what to do; <paramref name="where"/> starts the line.</summary>
    public static string Explain(string where, IEnumerable<string> names)
    {
        var all = names.ToArray();
        if (all.Any(IsAdapter)) return $"{where} holds a LoRA adapter ({all.First(IsAdapter)}), not a model: give the base model";
        var foreign = all.Where(n => ForeignSuffixes.Any(s => n.EndsWith(s, StringComparison.OrdinalIgnoreCase))).Order(StringComparer.Ordinal).ToArray();
        return foreign.Length == 0
            ? $"{where} has no weights: no *.safetensors file"
            : $"{where} has no *.safetensors weights, only {MessageText.List(foreign, 3)}: {Advice(foreign[0])}";
    }

    /// <summary>What to do with a weight file in another format.</summary>
    public static string Advice(string name) => name.EndsWith(".gguf", StringComparison.OrdinalIgnoreCase)
        ? "GGUF is not read; use the model's original repository in safetensors form"
        : "only safetensors is read; use the model's safetensors form, or convert it with transformers: "
            + "AutoModelForCausalLM.from_pretrained(DIR).save_pretrained(OUT, safe_serialization=True)";

    /// <summary>True for a file that holds weights in a format this program does not read.</summary>
    public static bool IsForeign(string name) => ForeignSuffixes.Any(s => name.EndsWith(s, StringComparison.OrdinalIgnoreCase));

    private static bool IsConsolidated(string name) => name.StartsWith("consolidated", StringComparison.Ordinal);

    private static bool IsAdapter(string name) => name is "adapter_model.safetensors" or "adapter_model.bin" or "adapters.safetensors";
}
