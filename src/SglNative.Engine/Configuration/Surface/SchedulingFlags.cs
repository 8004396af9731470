using SglNative.Engine.Configuration.Flags;

namespace SglNative.Engine.Configuration.Surface;

internal static class SchedulingFlags
{
    private const string Positive = "a positive integer";
    private const string NoPriorities = "scheduling by priority";
    private const string Fcfs = "--schedule-policy fcfs, first come, first served";
    private const string OnlyPriorities = "it matters with --enable-priority-scheduling only, which is not there yet";
    private const string OnlyDelayer = "it tunes --enable-prefill-delayer, which has nothing to do here";
    private const string WindowPools = "layers with a sliding window and full layers keep their pages in one pool";

    public static FlagGroup Group { get; } = new("Memory and scheduling",
    [
        Flag.Number("--mem-fraction-static", "Share of the device's memory for weights and KV cache together; the rest is for activations.")
            .Such(value => value is > 0 and < 1, "a number between 0 and 1").Sets((args, share) => args with { MemFractionStatic = share }),
        Flag.Integer("--max-running-requests", "Most requests in the running batch.")
            .Such(value => value > 0, Positive).Sets((args, most) => args with { MaxRunningRequests = most }),
        Flag.Integer("--max-queued-requests", "Most requests that wait; a further one is refused.")
            .Such(value => value >= 0, "an integer from 0").Sets((args, most) => args with { MaxQueuedRequests = most }),
        Flag.Integer("--max-total-tokens", "Tokens in the KV pool, where memory is not to decide it.")
            .Such(value => value > 0, Positive).Sets((args, tokens) => args with { MaxTotalTokens = tokens }),
        Flag.Integer("--chunked-prefill-size", "Most tokens of a prompt in one step; -1 runs whole prompts.")
            .Such(value => value is -1 or > 0, "a positive integer, or -1").Sets((args, size) => args with { ChunkedPrefillSize = size }),
        Flag.Integer("--prefill-max-requests", "Most requests in a prefill batch.").NoEffect("--max-prefill-tokens is what bounds a prefill batch"),
        Flag.Switch("--enable-dynamic-chunking", "Adapt the chunk size to the stages of a pipeline.").NoEffect("there is one stage"),
        Flag.Integer("--max-prefill-tokens", 16384, "Most prompt tokens of one step, all requests together.")
            .Such(value => value > 0, Positive).Sets((args, most) => args with { MaxPrefillTokens = most }),
        Flag.Text("--schedule-policy", "fcfs", "Order in which waiting requests are admitted.").Shown("POLICY")
            .OneOf("lpm", "random", "fcfs", "dfs-weight", "lof", "priority", "routing-key")
            .Works(When.Is("fcfs")).NotYet("this order of admission", Fcfs)
            .Sets((args, policy) => args with { SchedulePolicy = policy }),
        Flag.Switch("--enable-priority-scheduling", "Admit requests of higher priority first.").NotYet(NoPriorities, Fcfs),
        Flag.Switch("--abort-on-priority-when-disabled", "Refuse requests that bring a priority while priorities are off.")
            .NotYet(NoPriorities, Fcfs + "; a request's priority is ignored"),
        Flag.Switch("--schedule-low-priority-values-first", "Let low numbers be high priorities.").NoEffect(OnlyPriorities),
        Flag.Integer("--priority-scheduling-preemption-threshold", 10, "Difference in priority from which a request displaces a running one.")
            .NoEffect(OnlyPriorities),
        Flag.Number("--schedule-conservativeness", 1.0, "How carefully requests are admitted; larger means fewer retractions.")
            .Such(value => value >= 0, "a number of at least 0").Sets((args, factor) => args with { ScheduleConservativeness = factor }),
        Flag.Integer("--page-size", "Tokens of one page of the KV cache. SGLang's default is 1; left out here, the device decides.")
            .Such(value => value is > 0 and <= 4096, "an integer from 1 to 4096").Sets((args, size) => args with { PageSize = size }),
        Flag.Number("--swa-full-tokens-ratio", 0.8, "KV tokens of sliding-window layers in proportion to full ones.").NoEffect(WindowPools),
        Flag.Switch("--disable-hybrid-swa-memory", "Keep sliding-window layers and full layers in one pool.").NoEffect(WindowPools),
        Flag.Text("--radix-eviction-policy", "lru", "Which cached prefixes are dropped first.").Shown("POLICY")
            .OneOf("lru", "lfu").NoEffect("no prefixes are cached between requests yet"),
        Flag.Switch("--enable-prefill-delayer", "Delay prefills so that data parallel ranks prefill together.").NoEffect("there is one copy of the model"),
        Flag.Integer("--prefill-delayer-max-delay-passes", 30, "Most steps that a prefill is delayed.").NoEffect(OnlyDelayer),
        Flag.Number("--prefill-delayer-token-usage-low-watermark", "Use of the KV pool below which nothing is delayed.").NoEffect(OnlyDelayer),
        Flag.Number("--prefill-delayer-queue-min-ratio", "Waiting requests, in proportion to running ones, that end a delay.").NoEffect(OnlyDelayer),
        Flag.Number("--prefill-delayer-max-delay-ms", 5000, "Longest delay in milliseconds.").NoEffect(OnlyDelayer),
        Flag.Numbers("--prefill-delayer-forward-passes-buckets", "Histogram buckets of the delay in steps.").NoEffect(OnlyDelayer),
        Flag.Numbers("--prefill-delayer-wait-seconds-buckets", "Histogram buckets of the delay in seconds.").NoEffect(OnlyDelayer),
    ]);
}
