using SglNative.Engine.Configuration.Flags;

namespace SglNative.Engine.Configuration.Surface;

internal static class MoeFlags
{
    private const string NoExperts = "no model with experts is there yet";
    private const string Spread = "experts are not spread over devices";

    public static FlagGroup Group { get; } = new("Mixture of experts",
    [
        Flag.Integer("--expert-parallel-size", 1, "Devices over which experts are spread.").Alias("--ep-size", "--ep")
            .Such(value => value > 0, "a positive integer").NoEffect(When.OnCpu, "a CPU engine is one process that uses all cores")
            .NotYet(When.Above(1), "experts spread over several GPUs", "--ep-size 1"),
        Flag.Text("--moe-a2a-backend", "none", "How experts on different devices exchange tokens.").Shown("NAME")
            .OneOf("none", "deepep", "mooncake", "mori", "nixl", "ascend_fuseep").NoEffect(Spread),
        Flag.Text("--moe-runner-backend", "auto", "Kernels for experts.").Shown("NAME")
            .OneOf("auto", "deep_gemm", "triton", "triton_kernel", "flashinfer_trtllm", "flashinfer_trtllm_routed", "flashinfer_cutlass",
                "flashinfer_mxfp4", "flashinfer_cutedsl", "cutlass", "marlin").NoEffect(NoExperts),
        Flag.Text("--flashinfer-mxfp4-moe-precision", "default", "Precision of FlashInfer's mxfp4 experts.").OneOf("default", "bf16").Shown("NAME").NoEffect(NoExperts),
        Flag.Switch("--enable-flashinfer-allreduce-fusion", "Add up ranks and normalise in one kernel.").NoEffect("sums over ranks and norms are steps of their own"),
        Flag.Switch("--enable-aiter-allreduce-fusion", "The same with AMD's kernels.").NoEffect("sums over ranks and norms are steps of their own"),
        Flag.Text("--deepep-mode", "auto", "DeepEP's mode.").OneOf("normal", "low_latency", "auto").Shown("MODE").NoEffect(Spread),
        Flag.Text("--deepep-dispatcher-output-dtype", "auto", "Type that DeepEP sends.").OneOf("bf16", "fp8", "int8", "nvfp4", "auto").Shown("TYPE").NoEffect(Spread),
        Flag.Switch("--enable-fused-grouped-gemm-combine", "Fuse the experts' last product with DeepEP's sum.").NoEffect(Spread),
        Flag.Integer("--ep-num-redundant-experts", 0, "Experts that are kept twice.").NoEffect(Spread),
        Flag.Text("--ep-dispatch-algorithm", "How a copy of a redundant expert is chosen.").Shown("NAME").NoEffect(Spread),
        Flag.Text("--init-expert-location", "trivial", "Where experts lie at start.").NoEffect(Spread),
        Flag.Switch("--enable-eplb", "Move experts to balance the load.").NoEffect(Spread),
        Flag.Text("--eplb-algorithm", "auto", "How the balance is found.").Shown("NAME").NoEffect(Spread),
        Flag.Integer("--eplb-rebalance-num-iterations", 1000, "Steps between two rebalancings.").NoEffect(Spread),
        Flag.Integer("--eplb-rebalance-layers-per-chunk", "Layers rebalanced in one step.").NoEffect(Spread),
        Flag.Number("--eplb-min-rebalancing-utilization-threshold", 1.0, "Utilisation above which nothing is moved.").NoEffect(Spread),
        Flag.Text("--expert-distribution-recorder-mode", "What is recorded about the use of experts.").Shown("MODE").NoEffect(NoExperts),
        Flag.Integer("--expert-distribution-recorder-buffer-size", "Steps that the record holds.").NoEffect(NoExperts),
        Flag.Switch("--enable-expert-distribution-metrics", "Report how evenly experts are used.").NoEffect(NoExperts),
        Flag.Text("--deepep-config", "Tuning of DeepEP, as JSON or a file.").NoEffect(Spread),
        Flag.Integer("--moe-dense-tp-size", "Devices over which the dense layers of such a model are cut.").NoEffect("dense layers are cut over all ranks"),
        Flag.Text("--elastic-ep-backend", "none", "Collectives that survive the loss of a rank.").OneOf("none", "mooncake").Shown("NAME").NoEffect(Spread),
        Flag.Switch("--enable-elastic-expert-backup", "Keep a copy of the experts in host memory.").NoEffect(Spread),
        Flag.Text("--mooncake-ib-device", "InfiniBand devices for Mooncake.").Shown("NAMES").NoEffect("there is one node"),
        Flag.Switch("--enable-deepep-waterfill", "Send the shared expert's work to the least loaded rank.").NoEffect(Spread),
        Flag.Switch("--elastic-ep-rejoin", "Rejoin a group as a restarted rank.").NoEffect(Spread),
    ]);
}
