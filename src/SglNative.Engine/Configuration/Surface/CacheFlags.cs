using SglNative.Engine.Configuration.Flags;

namespace SglNative.Engine.Configuration.Surface;

internal static class CacheFlags
{
    private const string NoState = "no model with a recurrent state is there yet";
    private const string Hierarchy = "a KV cache in host memory";
    private const string HierarchyNearest = "a larger --mem-fraction-static, so that more of the cache fits the device";
    private const string OnlyHierarchy = "it matters with --enable-hierarchical-cache only, which is not there yet";

    public static FlagGroup Mamba { get; } = new("Recurrent state",
    [
        Flag.Integer("--max-mamba-cache-size", "Recurrent states that are kept.").NoEffect(NoState),
        Flag.Text("--mamba-ssm-dtype", "float32", "Type of the recurrent state.").OneOf("float32", "bfloat16", "float16").Shown("TYPE").NoEffect(NoState),
        Flag.Number("--mamba-full-memory-ratio", 0.9, "Memory of the states in proportion to the KV cache.").NoEffect(NoState),
        Flag.Text("--mamba-scheduler-strategy", "auto", "Whether extra states are kept to overlap steps.").Shown("NAME")
            .OneOf("auto", "no_buffer", "extra_buffer").NoEffect(NoState),
        Flag.Integer("--mamba-track-interval", 256, "Tokens between two states that are kept.").NoEffect(NoState),
    ]);

    public static FlagGroup Hierarchical { get; } = new("Hierarchical cache",
    [
        Flag.Switch("--enable-hierarchical-cache", "Keep parts of the KV cache in host memory.").NotYet(Hierarchy, HierarchyNearest),
        Flag.Number("--hicache-ratio", 2.0, "Size of the host's cache in proportion to the device's.").NoEffect(OnlyHierarchy),
        Flag.Integer("--hicache-size", 0, "Size of the host's cache in gigabytes.").NoEffect(OnlyHierarchy),
        Flag.Text("--hicache-write-policy", "write_through", "When the host's cache is written.").Shown("NAME")
            .OneOf("write_back", "write_through", "write_through_selective").NoEffect(OnlyHierarchy),
        Flag.Text("--hicache-io-backend", "kernel", "How pages are copied.").OneOf("direct", "kernel", "kernel_ascend").Shown("NAME").NoEffect(OnlyHierarchy),
        Flag.Text("--hicache-mem-layout", "layer_first", "Layout of the host's cache.").Shown("NAME")
            .OneOf("layer_first", "page_first", "page_first_direct", "page_first_kv_split", "page_head").NoEffect(OnlyHierarchy),
        Flag.Text("--hicache-storage-backend", "Storage behind the host's cache.").Shown("NAME")
            .OneOf("file", "mooncake", "hf3fs", "nixl", "aibrix", "dynamic", "eic").NoEffect(OnlyHierarchy),
        Flag.Text("--hicache-storage-prefetch-policy", "best_effort", "When fetching from storage ends.").Shown("NAME")
            .OneOf("best_effort", "wait_complete", "timeout").NoEffect(OnlyHierarchy),
        Flag.Text("--hicache-storage-backend-extra-config", "Options of the storage, as JSON or @FILE.").NoEffect(OnlyHierarchy),
        Flag.JsonObject("--hierarchical-sparse-attention-extra-config", "Options of sparse attention over that cache.").NoEffect(OnlyHierarchy),
        Flag.Switch("--enable-lmcache", "Use LMCache for the KV cache.").NotYet(Hierarchy, HierarchyNearest),
    ]);
}
