namespace SglNative.Tokenizers.Configuration;

/// <summary>
/// What a checkpoint's tokenizer_config.json, special_tokens_map.json and chat template files say. Immutable; where a file is
/// absent, its fields are empty.
/// </summary>
public sealed record TokenizerConfig
{
    /// <summary>A configuration that says nothing.</summary>
    public static TokenizerConfig Empty { get; } = new();

    /// <summary>
    /// Special tokens' texts by role: bos_token, eos_token, unk_token, sep_token, pad_token, cls_token, mask_token, and any other
    /// field whose name ends in "_token" and whose value is a token.
    /// </summary>
    public IReadOnlyDictionary<string, string> SpecialTokens { get; init; } = new Dictionary<string, string>();

    /// <summary>additional_special_tokens and extra_special_tokens, in order.</summary>
    public IReadOnlyList<string> ExtraSpecialTokens { get; init; } = [];

    /// <summary>Chat templates by name; the one without a name is "default".</summary>
    public IReadOnlyDictionary<string, string> ChatTemplates { get; init; } = new Dictionary<string, string>();

    /// <summary>Reads tokenizer_config.json and the files beside it in a checkpoint's directory.</summary>
    /// <exception cref="Core.SglException">A file is malformed, in one line.</exception>
    public static TokenizerConfig Load(string directory) => TokenizerConfigReader.Read(directory);

    /// <summary>Reads one file of the form of tokenizer_config.json, and nothing beside it.</summary>
    /// <exception cref="Core.SglException">The file is malformed, in one line.</exception>
    public static TokenizerConfig LoadFile(string file) => TokenizerConfigReader.ReadFile(file);

    /// <summary>The name of the template to use, as transformers chooses: "tool_use" where there are tools and it exists, else "default"; null for none.</summary>
    public string? ChatTemplateNameFor(bool tools) =>
        tools && ChatTemplates.ContainsKey("tool_use") ? "tool_use" : ChatTemplates.ContainsKey("default") ? "default" : null;

    /// <summary>The template to use when none is asked for by name, or null.</summary>
    public string? ChatTemplate => ChatTemplates.GetValueOrDefault("default");

    /// <summary>add_bos_token, or null where it is not stated.</summary>
    public bool? AddBosToken { get; init; }

    /// <summary>add_eos_token, or null where it is not stated.</summary>
    public bool? AddEosToken { get; init; }

    /// <summary>legacy, or null where it is not stated: whether text behind a special token gets a space in front (SentencePiece models).</summary>
    public bool? Legacy { get; init; }

    /// <summary>add_prefix_space, or null where it is not stated.</summary>
    public bool? AddPrefixSpace { get; init; }

    /// <summary>do_lower_case, or null where it is not stated (BERT's vocab.txt).</summary>
    public bool? DoLowerCase { get; init; }

    /// <summary>strip_accents, or null where it is not stated (BERT's vocab.txt).</summary>
    public bool? StripAccents { get; init; }

    /// <summary>tokenize_chinese_chars, or null where it is not stated (BERT's vocab.txt).</summary>
    public bool? TokenizeChineseCharacters { get; init; }

    /// <summary>
    /// clean_up_tokenization_spaces. <see cref="HfTokenizer.Decode(IEnumerable{int}, bool)"/> does not act on it: the text a model wrote is given as written.
    /// </summary>
    public bool CleanUpTokenizationSpaces { get; init; }

    /// <summary>model_max_length in tokens; null where it is absent or stands for "no limit".</summary>
    public long? ModelMaxLength { get; init; }

    /// <summary>tokenizer_class, or null.</summary>
    public string? TokenizerClass { get; init; }

    /// <summary>added_tokens_decoder and added_tokens.json: what is added to a vocabulary, by id.</summary>
    internal IReadOnlyList<(int Id, AddedTokens.AddedToken Token)> AddedTokens { get; init; } = [];
}
