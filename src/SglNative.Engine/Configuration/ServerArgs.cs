namespace SglNative.Engine.Configuration;

/// <summary>
/// Everything that configures an engine and the server on it, under SGLang's names and with SGLang's defaults. Null stands for
/// "decided from the model and the device". The command line fills it through the flag table; in process it is written directly.
/// </summary>
public sealed record ServerArgs
{
    /// <summary>Folder of a Hugging Face checkpoint or a Hub id (<c>owner/name</c>); null for the embedded demo model.</summary>
    public string? ModelPath { get; init; }

    /// <summary>Folder or file of the tokenizer; null for the model's own.</summary>
    public string? TokenizerPath { get; init; }

    /// <summary>No tokenizer is loaded: requests bring ids and receive ids.</summary>
    public bool SkipTokenizerInit { get; init; }

    /// <summary>Where the weights come from.</summary>
    public LoadFormat LoadFormat { get; init; }

    /// <summary><c>--model-impl</c>: which implementation runs the model.</summary>
    public ModelImplementation ModelImplementation { get; init; }

    /// <summary>Longest sequence in tokens, prompt and answer together; null for the model's own maximum.</summary>
    public int? ContextLength { get; init; }

    /// <summary>Branch, tag or commit of a Hub repository; null for its main branch.</summary>
    public string? Revision { get; init; }

    /// <summary>Folder of the Hub cache; null for the standard place.</summary>
    public string? DownloadDir { get; init; }

    /// <summary>JSON object laid over the checkpoint's <c>config.json</c>.</summary>
    public string JsonModelOverrideArgs { get; init; } = "{}";

    /// <summary>Plugins to use in this run: package ids or assembly paths, separated by commas; null for none.</summary>
    public string? ExternalModelPackage { get; init; }

    /// <summary>A store of installed plugins that is looked through before the user's; null for none.</summary>
    public string? PluginDir { get; init; }

    /// <summary>Folder of a plugin's project that is built and loaded; null for none.</summary>
    public string? PluginProject { get; init; }

    /// <summary>A plugin that cannot be used is an error, not a warning.</summary>
    public bool StrictPlugins { get; init; }

    /// <summary>The device asked for.</summary>
    public DeviceChoice Device { get; init; }

    /// <summary>Devices over which each layer's weights are cut; on the CPU there is always one.</summary>
    public int TensorParallelSize { get; init; } = 1;

    /// <summary>How long the ranks of a model wait for one another, at the start and in a step, before the wait is an error.</summary>
    public TimeSpan RankTimeout { get; init; } = TimeSpan.FromMinutes(10);

    /// <summary>Index of the GPU to use among those the process sees; of several, the first one's.</summary>
    public int BaseGpuId { get; init; }

    /// <summary>Distance between the indices of the GPUs used.</summary>
    public int GpuIdStep { get; init; } = 1;

    /// <summary>Type of weights and activations.</summary>
    public DTypeChoice DType { get; init; }

    /// <summary>Address to listen on.</summary>
    public string Host { get; init; } = "127.0.0.1";

    /// <summary>TCP port to listen on; 0 for any free one.</summary>
    public int Port { get; init; } = 30000;

    /// <summary>The server is ready without having generated a token first.</summary>
    public bool SkipServerWarmup { get; init; }

    /// <summary>Key that clients must send as a bearer token; null for none.</summary>
    public string? ApiKey { get; init; }

    /// <summary>Name that <c>/v1/models</c> reports; null for the model path.</summary>
    public string? ServedModelName { get; init; }

    /// <summary>Version of the weights that <c>/model_info</c> and every answer's <c>meta_info</c> report.</summary>
    public string WeightVersion { get; init; } = "default";

    /// <summary>File of a chat template, or its text; null for the tokenizer's own.</summary>
    public string? ChatTemplate { get; init; }

    /// <summary>Which of a tokenizer's named chat templates to use; null for the default one.</summary>
    public string? HfChatTemplateName { get; init; }

    /// <summary>Where sampling values come from that a request leaves out.</summary>
    public SamplingDefaults SamplingDefaults { get; init; }

    /// <summary>JSON object of sampling values that <c>/model_info</c> reports; null for none.</summary>
    public string? PreferredSamplingParams { get; init; }

    /// <summary>A prompt longer than the context is cut at its end instead of refused.</summary>
    public bool AllowAutoTruncate { get; init; }

    /// <summary>Native streams carry only what is new in each event, not the whole text so far.</summary>
    public bool IncrementalStreamingOutput { get; init; }

    /// <summary>Tokens between two events of a stream.</summary>
    public int StreamInterval { get; init; } = 1;

    /// <summary>Least severe message that is logged.</summary>
    public LogSeverity LogLevel { get; init; } = LogSeverity.Info;

    /// <summary>Levels of single log categories, <c>CATEGORY=LEVEL</c> separated by commas; null for none.</summary>
    public string? LogCategories { get; init; }

    /// <summary>Seed of sampling and of dummy weights; null for a random one.</summary>
    public int? RandomSeed { get; init; }

    /// <summary>Share of the device's memory for weights and KV cache together; null for a share by device.</summary>
    public double? MemFractionStatic { get; init; }

    /// <summary>Most requests in the running batch; null for as many as memory allows.</summary>
    public int? MaxRunningRequests { get; init; }

    /// <summary>Most requests that wait; a further one is refused. Null for no bound.</summary>
    public int? MaxQueuedRequests { get; init; }

    /// <summary>Tokens in the KV pool; null for what the memory share leaves.</summary>
    public int? MaxTotalTokens { get; init; }

    /// <summary>Most tokens of one prompt in one step; -1 for whole prompts, null for a size by device.</summary>
    public int? ChunkedPrefillSize { get; init; }

    /// <summary>Most prompt tokens of one step, all requests together.</summary>
    public int MaxPrefillTokens { get; init; } = 16384;

    /// <summary>Order in which waiting requests are admitted: <c>fcfs</c>.</summary>
    public string SchedulePolicy { get; init; } = "fcfs";

    /// <summary>How carefully requests are admitted: the factor on the pages kept free for what running requests may still need.</summary>
    public double ScheduleConservativeness { get; init; } = 1;

    /// <summary>Steps between two lines of statistics.</summary>
    public int DecodeLogInterval { get; init; } = 40;

    /// <summary>Tokens of one page of the KV cache; null for a size by device.</summary>
    public int? PageSize { get; init; }

    /// <summary>Largest batch whose decode steps are captured into a graph; null for a size by the device's memory.</summary>
    public int? CudaGraphMaxBs { get; init; }

    /// <summary>The batch sizes that are captured; empty for the usual ones.</summary>
    public IReadOnlyList<int> CudaGraphBs { get; init; } = [];

    /// <summary>Decode steps run operation by operation.</summary>
    public bool DisableCudaGraph { get; init; }

    /// <summary>A graph is replayed only for the very batch size that it was captured for.</summary>
    public bool DisableCudaGraphPadding { get; init; }

    /// <summary>Results are bitwise independent of what else is in the batch.</summary>
    public bool EnableDeterministicInference { get; init; }

    /// <summary>Folder into which every module's output is written, a file for each step; null for none.</summary>
    public string? DebugTensorDumpOutputFolder { get; init; }

    /// <summary>The layers whose modules are written; empty for all. What lies outside the layers is always written.</summary>
    public IReadOnlyList<int> DebugTensorDumpLayers { get; init; } = [];
}
