using SglNative.Core.Checkpoints;
using SglNative.Core.Tensors;

namespace SglNative.Core.Configuration;

/// <summary>The <c>config.json</c> of a checkpoint, and what can be said of it before an architecture is chosen.</summary>
public sealed class CheckpointConfig
{
    /// <summary>The file's name.</summary>
    public const string FileName = "config.json";

    private static readonly string[] TextKeys = ["text_config", "llm_config", "language_config"];

    /// <summary>Wraps a configuration that was read, with overrides already merged.</summary>
    /// <exception cref="SglException">A field used here has the wrong type.</exception>
    public CheckpointConfig(JsonConfig root)
    {
        Root = root;
        Text = root.FirstOf(TextKeys) is { } key ? root.GetObject(key) : root;
        Architectures = root.FindStrings("architectures") ?? [];
        ModelType = root.FindString("model_type");
    }

    /// <summary>The whole file.</summary>
    public JsonConfig Root { get; }

    /// <summary>The language model's part: <c>text_config</c> where a multimodal checkpoint nests it, otherwise the whole file.</summary>
    public JsonConfig Text { get; }

    /// <summary>Class names such as <c>LlamaForCausalLM</c>, in the order in which they are to be tried; may be empty.</summary>
    public IReadOnlyList<string> Architectures { get; }

    /// <summary>Such as <c>llama</c>.</summary>
    public string? ModelType { get; }

    /// <summary>True when the language model is nested in a larger (vision, audio) one.</summary>
    public bool IsNested => !ReferenceEquals(Root, Text);

    /// <summary>The type the weights were saved in (<c>dtype</c>, formerly <c>torch_dtype</c>), or null when the file does not say.</summary>
    /// <exception cref="SglException">It names a type unknown here.</exception>
    public DType? DType => FindDType(Text) ?? FindDType(Root);

    /// <summary>The <c>quantization_config</c> (or the older <c>compression_config</c>), or null for plain weights.</summary>
    /// <exception cref="SglException">It is not an object.</exception>
    public JsonConfig? Quantization => FindQuantization(Root) ?? FindQuantization(Text);

    /// <summary>Reads the file of a checkpoint folder.</summary>
    /// <param name="directory">The folder.</param>
    /// <param name="overrideJson">The value of <c>--json-model-override-args</c>, or null.</param>
    /// <exception cref="SglException">The folder or file is missing, or either JSON is not an object.</exception>
    public static CheckpointConfig Load(string directory, string? overrideJson = null)
    {
        var path = Path.Combine(CheckpointFolder.Require(directory), FileName);
        if (!File.Exists(path))
        {
            var names = CheckpointFolder.FileNames(directory);
            throw new SglException(WeightFiles.Select(names).IsEmpty && names.Any(WeightFiles.IsForeign)
                ? WeightFiles.Explain(directory, names)
                : $"{directory} has no {FileName}: give the folder of a checkpoint in the Hugging Face layout");
        }
        var config = JsonConfig.Load(path);
        return new CheckpointConfig(string.IsNullOrWhiteSpace(overrideJson)
            ? config
            : config.Merge(JsonConfig.Parse(overrideJson, "--json-model-override-args")));
    }

    private static JsonConfig? FindQuantization(JsonConfig config) =>
        config.FirstOf("quantization_config", "compression_config") is { } key ? config.GetObject(key) : null;

    private static DType? FindDType(JsonConfig config)
    {
        if (config.FirstOf("dtype", "torch_dtype") is not { } key) return null;
        var name = config.GetString(key);
        if (name == "auto") return null;
        return DTypeExtensions.TryParseTorchName(name, out var dtype)
            ? dtype
            : throw config.Error(key, $"is {MessageText.Quote(name)}; known are {string.Join(", ", Enum.GetValues<DType>().Select(d => d.TorchName()))}");
    }
}
