using SglNative.Engine.Configuration.Flags;

namespace SglNative.Engine.Configuration.Surface;

internal static class DeprecatedFlags
{
    private const string NoExperts = "no model with experts is there yet";

    public static FlagGroup Group { get; } = new("Deprecated",
    [
        Flag.Switch("--enable-ep-moe", "Now --ep-size.").Deprecated().NoEffect(NoExperts),
        Flag.Switch("--enable-deepep-moe", "Now --moe-a2a-backend deepep.").Deprecated().NoEffect(NoExperts),
        Flag.Switch("--prefill-round-robin-balance", "Spread prefills in turn.").Deprecated().NoEffect("there is one copy of the model"),
        Flag.Switch("--enable-flashinfer-cutlass-moe", "Now --moe-runner-backend flashinfer_cutlass.").Deprecated().NoEffect(NoExperts),
        Flag.Switch("--enable-flashinfer-cutedsl-moe", "Now --moe-runner-backend flashinfer_cutedsl.").Deprecated().NoEffect(NoExperts),
        Flag.Switch("--enable-flashinfer-trtllm-moe", "Now --moe-runner-backend flashinfer_trtllm.").Deprecated().NoEffect(NoExperts),
        Flag.Switch("--enable-flashinfer-mxfp4-moe", "Now --moe-runner-backend flashinfer_mxfp4.").Deprecated().NoEffect(NoExperts),
        Flag.Switch("--enable-triton-kernel-moe", "Now --moe-runner-backend triton_kernel.").Deprecated().NoEffect(NoExperts),
        Flag.TextOrNothing("--crash-on-nan", "End the server when a log probability is NaN.").Deprecated().NoEffect("no request ends this server"),
        Flag.Number("--hybrid-kvcache-ratio", "Mix of uniform and hybrid KV pools.").Deprecated()
            .NoEffect("layers with a sliding window and full layers keep their pages in one pool"),
        Flag.Number("--load-watch-interval", 0.1, "Seconds between two looks at the load.").Deprecated().NoEffect("there is one copy of the model"),
    ]);
}
