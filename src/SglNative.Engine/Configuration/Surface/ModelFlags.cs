using SglNative.Engine.Configuration.Flags;

namespace SglNative.Engine.Configuration.Surface;

internal static class ModelFlags
{
    private static readonly string[] LoadFormats =
    [
        "auto", "pt", "safetensors", "npcache", "dummy", "sharded_state", "gguf", "bitsandbytes", "layered", "flash_rl", "remote",
        "remote_instance", "fastsafetensors", "private", "runai_streamer",
    ];

    public static FlagGroup Group { get; } = new("Model and tokenizer",
    [
        Flag.Text("--model-path", "Folder of a Hugging Face checkpoint, or a Hub id (owner/name). Left out, the embedded demo model is served.")
            .Alias("--model").Shown("PATH").Sets((args, path) => args with { ModelPath = path }),
        Flag.Text("--tokenizer-path", "Folder or file of the tokenizer, where it is not the model's own.")
            .Shown("PATH").Sets((args, path) => args with { TokenizerPath = path }),
        Flag.Text("--tokenizer-mode", "auto", "Which of a checkpoint's tokenizer implementations to use.")
            .OneOf("auto", "slow").NoEffect("there is one tokenizer, whose ids equal those of both modes"),
        Flag.Integer("--tokenizer-worker-num", 1, "Processes that tokenise.").NoEffect("requests are tokenised on the thread pool of one process"),
        Flag.Switch("--skip-tokenizer-init", "Load no tokenizer: requests bring token ids and receive token ids.")
            .Sets((args, on) => args with { SkipTokenizerInit = on }),
        Flag.Text("--load-format", "auto", "Form of the weights. dummy makes random ones of the configured shapes, without a file.")
            .OneOf(LoadFormats).Shown("FORMAT")
            .Works(When.Is("auto", "safetensors", "dummy"))
            .NotYet("weights are read from safetensors only", "--load-format auto with *.safetensors files, or --load-format dummy")
            .Sets((args, format) => args with
            {
                LoadFormat = format switch { "dummy" => LoadFormat.Dummy, "safetensors" => LoadFormat.Safetensors, _ => LoadFormat.Auto },
            }),
        Flag.JsonObject("--model-loader-extra-config", "Options of the loader that --load-format chose.", "{}")
            .NoEffect("the safetensors loader maps every file and reads each tensor once, and has nothing to tune"),
        Flag.Switch("--trust-remote-code", "Allow a checkpoint to bring its own model code.")
            .NoEffect("code inside a checkpoint is never run; a plugin's is, once it is installed or named (sgl-native plugin install)"),
        Flag.Integer("--context-length", "Longest sequence in tokens, where it is not the one in config.json.")
            .Such(value => value > 0, "a positive integer").Sets((args, length) => args with { ContextLength = length }),
        Flag.Switch("--is-embedding", "Serve a causal language model as an embedding model.")
            .NotYet("embedding models", "a text generation model without this flag"),
        Flag.Switch("--enable-multimodal", "Accept images, video and audio where the model can take them.")
            .NoEffect("the models there are take text only"),
        Flag.Text("--revision", "Branch, tag or commit of a Hub repository.").Sets((args, revision) => args with { Revision = revision }),
        Flag.Text("--model-impl", "auto", "Which implementation runs the model: native (or sglang) the architecture's own class, generic (or transformers) a decoder "
                + "that follows config.json and the tensors' names, auto the first where there is one.").Shown("IMPL")
            .OneOf("auto", "native", "generic", "sglang", "transformers", "mindspore")
            .Works(When.Is("auto", "native", "generic", "sglang", "transformers"))
            .NotYet("running a model through another framework", "--model-impl auto")
            .Sets((args, name) => args with
            {
                ModelImplementation = name switch
                {
                    "native" or "sglang" => ModelImplementation.Native, "generic" or "transformers" => ModelImplementation.Generic, _ => ModelImplementation.Auto,
                },
            }),
    ]);
}
