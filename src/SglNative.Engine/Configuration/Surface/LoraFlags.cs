using SglNative.Engine.Configuration.Flags;

namespace SglNative.Engine.Configuration.Surface;

internal static class LoraFlags
{
    private const string Missing = "LoRA adapters";
    private const string Nearest = "a checkpoint into which the adapter has been merged";
    private const string Only = "it matters with --enable-lora only, which is not there yet";

    public static FlagGroup Group { get; } = new("LoRA",
    [
        Flag.Switch("--enable-lora", "Serve LoRA adapters on top of the model.").NotYet(Missing, Nearest),
        Flag.Switch("--enable-lora-overlap-loading", "Load adapters while the device computes.").NoEffect(Only),
        Flag.Integer("--max-lora-rank", "Highest rank of an adapter.").NoEffect(Only),
        Flag.Texts("--lora-target-modules", "Modules that adapters may change, or all.").NoEffect(Only),
        Flag.Texts("--lora-paths", "Adapters to load: PATH, NAME=PATH or JSON, several.").NotYet(Missing, Nearest),
        Flag.Integer("--max-loras-per-batch", 8, "Most adapters in one batch.").NoEffect(Only),
        Flag.Integer("--max-loaded-loras", "Most adapters kept in host memory.").NoEffect(Only),
        Flag.Text("--lora-eviction-policy", "lru", "Which adapter gives way on the device.").OneOf("lru", "fifo").Shown("POLICY").NoEffect(Only),
        Flag.Text("--lora-backend", "csgmv", "Kernels for adapters.").OneOf("triton", "csgmv", "ascend", "torch_native").Shown("NAME").NoEffect(Only),
        Flag.Integer("--max-lora-chunk-size", 16, "Tokens that one piece of an adapter's work covers.").OneOf("16", "32", "64", "128").NoEffect(Only),
        Flag.Number("--lora-drain-wait-threshold", 0, "Seconds after which a waiting adapter displaces a running one.").NoEffect(Only),
    ]);
}
