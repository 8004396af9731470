using SglNative.Engine.Configuration.Flags;

namespace SglNative.Engine.Configuration.Surface;

internal static class OffloadFlags
{
    private const string InHostMemory = "on the CPU all weights are in host memory";
    private const string Offload = "weights that stay in host memory while the GPU computes";
    private const string OffloadNearest = "--device cpu, or a model that fits the GPU";
    private const string OnlyGroups = "it matters with --offload-group-size only, which is not there yet";
    private const string Kt = "experts that run on the CPU beside a GPU";
    private const string OnlyKt = "it matters with --kt-weight-path only, which is not there yet";

    public static FlagGroup KTransformers { get; } = new("KTransformers",
    [
        Flag.Text("--kt-weight-path", "Folder of experts quantised for the CPU.").Shown("PATH").NotYet(Kt, OffloadNearest),
        Flag.Text("--kt-method", "AMXINT4", "Form of those experts.").Shown("NAME").NoEffect(OnlyKt),
        Flag.Integer("--kt-cpuinfer", "Threads that run them.").NoEffect(OnlyKt),
        Flag.Integer("--kt-threadpool-count", 2, "Thread pools, one per NUMA node.").NoEffect(OnlyKt),
        Flag.Integer("--kt-num-gpu-experts", "Experts that stay on the GPU.").NoEffect(OnlyKt),
        Flag.Integer("--kt-max-deferred-experts-per-token", "Experts of a token that may be added a layer late.").NoEffect(OnlyKt),
    ]);

    public static FlagGroup Diffusion { get; } = new("Diffusion language models",
    [
        Flag.Text("--dllm-algorithm", "How a diffusion model fills its blanks.").Shown("NAME")
            .NotYet("diffusion language models", "a model that writes from left to right"),
        Flag.Text("--dllm-algorithm-config", "YAML file that tunes it.").Shown("FILE")
            .NoEffect("it matters with --dllm-algorithm only, which is not there yet"),
    ]);

    public static FlagGroup Offloading { get; } = new("Offloading",
    [
        Flag.Integer("--cpu-offload-gb", 0, "Gigabytes of weights that stay in host memory.")
            .NoEffect(When.OnCpu, InHostMemory).NotYet(Offload, OffloadNearest),
        Flag.Integer("--offload-group-size", -1, "Layers in a group of which some are offloaded.")
            .NoEffect(When.OnCpu, InHostMemory).NotYet(Offload, OffloadNearest),
        Flag.Integer("--offload-num-in-group", 1, "Offloaded layers in each group.").NoEffect(OnlyGroups),
        Flag.Integer("--offload-prefetch-step", 1, "Layers that are fetched ahead.").NoEffect(OnlyGroups),
        Flag.Text("--offload-mode", "cpu", "Where offloaded layers lie.").Shown("MODE").NoEffect(OnlyGroups),
    ]);

    public static FlagGroup Scoring { get; } = new("Scoring",
    [
        Flag.Integer("--multi-item-scoring-delimiter", "Token id that separates the items of one scoring request.")
            .NotYet("scoring several items in one sequence", "one request per item"),
    ]);
}
