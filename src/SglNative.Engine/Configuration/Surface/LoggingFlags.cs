using SglNative.Engine.Configuration.Flags;

namespace SglNative.Engine.Configuration.Surface;

internal static class LoggingFlags
{
    private const string NoRequestLog = "requests are not logged yet";
    private const string Metrics = "a /metrics endpoint";
    private const string MetricsNearest = "the usage and meta_info fields of each answer, and /server_info";
    private const string OnlyMetrics = "it matters with --enable-metrics only, which is not there yet";

    public static FlagGroup Group { get; } = new("Logging and metrics",
    [
        Flag.Text("--log-level", "info", "Least severe message that is logged.").Shown("LEVEL")
            .OneOf("debug", "info", "warning", "error", "critical")
            .Sets((args, level) => args with { LogLevel = Enum.Parse<LogSeverity>(level, ignoreCase: true) }),
        Flag.Text("--log-category", "Levels of single categories, such as SglNative.Models.Registry=debug, separated by commas.")
            .Shown("NAME=LEVEL,...").Own().Sets((args, categories) => args with { LogCategories = categories }),
        Flag.Text("--log-level-http", "The same for the HTTP server alone.").Shown("LEVEL").NoEffect("--log-level governs the HTTP server too"),
        Flag.Switch("--log-requests", "Log each request.").NoEffect(NoRequestLog),
        Flag.Integer("--log-requests-level", 2, "How much of a request is logged.").OneOf("0", "1", "2", "3").NoEffect(NoRequestLog),
        Flag.Text("--log-requests-format", "text", "Form of the request log.").Shown("FORM").OneOf("text", "json").NoEffect(NoRequestLog),
        Flag.Texts("--log-requests-target", "Where the request log goes: stdout or folders.").NoEffect(NoRequestLog),
        Flag.Texts("--uvicorn-access-log-exclude-prefixes", "Paths that the access log leaves out.").NoEffect("there is no access log"),
        Flag.Text("--crash-dump-folder", "Where to leave the last requests before a crash.").Shown("DIR")
            .NoEffect("a failing request does not end the server, and its trace is in the log"),
        Flag.Switch("--show-time-cost", "Print the time of marked stretches of code.").NoEffect("nothing is marked"),
        Flag.Switch("--enable-metrics", "Offer Prometheus metrics.").NotYet(Metrics, MetricsNearest),
        Flag.Switch("--enable-mfu-metrics", "Add estimated FLOP/s and bytes/s to the metrics.").NoEffect(OnlyMetrics),
        Flag.Switch("--enable-metrics-for-all-schedulers", "Let every rank report metrics.").NoEffect(OnlyMetrics),
        Flag.Text("--tokenizer-metrics-custom-labels-header", "x-custom-labels", "HTTP header that carries labels for the metrics.").Shown("NAME")
            .NoEffect(OnlyMetrics),
        Flag.Texts("--tokenizer-metrics-allowed-custom-labels", "Labels that the header may carry.").NoEffect(OnlyMetrics),
        Flag.Numbers("--bucket-time-to-first-token", "Histogram buckets of the time to the first token.").NoEffect(OnlyMetrics),
        Flag.Numbers("--bucket-inter-token-latency", "Histogram buckets of the time between tokens.").NoEffect(OnlyMetrics),
        Flag.Numbers("--bucket-e2e-request-latency", "Histogram buckets of a request's whole time.").NoEffect(OnlyMetrics),
        Flag.Switch("--collect-tokens-histogram", "Keep histograms of prompt and answer lengths.").NoEffect(OnlyMetrics),
        Flag.Texts("--prompt-tokens-buckets", "Buckets of prompt lengths: default, tse MIDDLE BASE COUNT, or custom VALUES.").NoEffect(OnlyMetrics),
        Flag.Texts("--generation-tokens-buckets", "Buckets of answer lengths, in the same form.").NoEffect(OnlyMetrics),
        Flag.Number("--gc-warning-threshold-secs", 0, "Length of a garbage collection that is worth a warning.").NoEffect("the step loop allocates nothing to collect"),
        Flag.Integer("--decode-log-interval", 40, "Decode steps between two lines of statistics.")
            .Such(value => value > 0, "a positive integer").Sets((args, steps) => args with { DecodeLogInterval = steps }),
        Flag.Switch("--enable-request-time-stats-logging", "Log how long each stage of a request took.").NoEffect(NoRequestLog),
        Flag.JsonObject("--kv-events-config", "Where to publish events of the KV cache.").NotYet("publishing KV cache events", "a start without this flag"),
        Flag.Switch("--enable-trace", "Send OpenTelemetry traces.").NotYet("traces", MetricsNearest),
        Flag.Text("--otlp-traces-endpoint", "localhost:4317", "Collector of the traces.").Shown("HOST:PORT")
            .NoEffect("it matters with --enable-trace only, which is not there yet"),
        Flag.Switch("--export-metrics-to-file", "Write a record of each request to a file.").NotYet("metrics in files", MetricsNearest),
        Flag.Text("--export-metrics-to-file-dir", "Folder of those files.").Shown("DIR")
            .NoEffect("it matters with --export-metrics-to-file only, which is not there yet"),
    ]);
}
