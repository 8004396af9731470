using SglNative.Engine.Configuration.Flags;

namespace SglNative.Engine.Configuration.Surface;

internal static class RuntimeFlags
{
    private const string OneProcess = "a CPU engine is one process that uses all cores";
    private const string Positive = "a positive integer";
    private const string OneStage = "the model is not cut into pipeline stages";
    private const string NoGrammar = "answers are not constrained by a grammar yet, and requests that ask for it are refused";
    private const string NoKill = "a long step never ends this server";

    public static FlagGroup Group { get; } = new("Runtime",
    [
        Flag.Text("--device", "auto", "Device to run on; auto takes a usable NVIDIA GPU where there is one, else the CPU; emulated runs the CUDA kernels on the CPU, for tests.")
            .OneOf("auto", "cuda", "cpu", "emulated", "xpu", "hpu", "npu", "musa", "mps").Shown("DEVICE")
            .Works(When.Is("auto", "cuda", "cpu", "emulated")).NotYet("this kind of device", "--device cuda, or --device cpu")
            .Sets((args, device) => args with
            {
                Device = device switch
                {
                    "cuda" => DeviceChoice.Cuda,
                    "cpu" => DeviceChoice.Cpu,
                    "emulated" => DeviceChoice.Emulated,
                    _ => DeviceChoice.Auto,
                },
            }),
        Flag.Integer("--tensor-parallel-size", 1, "Devices over which each layer's weights are cut.").Alias("--tp-size")
            .Such(value => value > 0, Positive).NoEffect(When.OnCpu, OneProcess).Sets((args, size) => args with { TensorParallelSize = size }),
        Flag.Integer("--pipeline-parallel-size", 1, "Devices over which the layers are spread in stages.").Alias("--pp-size")
            .Such(value => value > 0, Positive).NoEffect(When.OnCpu, OneProcess)
            .NotYet(When.Above(1), "pipeline stages over several GPUs", "--pp-size 1 with a model that fits one GPU"),
        Flag.Integer("--attention-context-parallel-size", 1, "Devices over which a long context's attention is cut.").Alias("--attn-cp-size")
            .Such(value => value > 0, Positive).NoEffect(When.OnCpu, OneProcess)
            .NotYet(When.Above(1), "attention cut along the context", "--attn-cp-size 1"),
        Flag.Integer("--moe-data-parallel-size", 1, "Copies of the experts' layers.").Alias("--moe-dp-size")
            .Such(value => value > 0, Positive).NoEffect(When.OnCpu, OneProcess)
            .NotYet(When.Above(1), "data parallel experts", "--moe-dp-size 1"),
        Flag.Integer("--pp-max-micro-batch-size", "Most requests in a pipeline's micro-batch.").NoEffect(OneStage),
        Flag.Integer("--pp-async-batch-depth", 0, "Batches in flight between pipeline stages.").NoEffect(OneStage),
        Flag.Integer("--stream-interval", 1, "Tokens between two events of a stream.")
            .Such(value => value > 0, Positive).Sets((args, tokens) => args with { StreamInterval = tokens }),
        Flag.Switch("--incremental-streaming-output", "Let each event of /generate carry only the new text, not all of it so far.")
            .Sets((args, on) => args with { IncrementalStreamingOutput = on }),
        Flag.Integer("--random-seed", "Seed of sampling and of dummy weights.").Sets((args, seed) => args with { RandomSeed = seed }),
        Flag.Text("--constrained-json-whitespace-pattern", "Regex of the white space allowed in constrained JSON.").Shown("REGEX").NoEffect(NoGrammar),
        Flag.Switch("--constrained-json-disable-any-whitespace", "Make constrained JSON compact.").NoEffect(NoGrammar),
        Flag.Number("--watchdog-timeout", 300, "Seconds after which a step that has not ended kills the server.").NoEffect(NoKill),
        Flag.Number("--soft-watchdog-timeout", "Seconds after which a step that has not ended is reported.").NoEffect(NoKill),
        Flag.Integer("--dist-timeout", "Seconds that ranks wait for each other, at the start and in a step, before it is an error; 600 unless given.")
            .Such(value => value is null or > 0, Positive).NoEffect(When.OnCpu, OneProcess)
            .Sets((args, seconds) => seconds is { } given ? args with { RankTimeout = TimeSpan.FromSeconds(given) } : args),
        Flag.Text("--download-dir", "Folder of the Hub cache, where it is not the standard one.").Shown("DIR")
            .Sets((args, dir) => args with { DownloadDir = dir }),
        Flag.TextOrNothing("--model-checksum", "Checksums (file or Hub id) to verify the weights against.").Shown("SOURCE")
            .NotYet("verifying a local folder against a list of checksums", "a Hub id as --model-path: downloads are verified as they arrive"),
        Flag.Integer("--base-gpu-id", 0, "Index of the GPU to run on; of several, the first one's.")
            .Such(value => value >= 0, "an integer from 0").NoEffect(When.OnCpu, "the engine runs on the CPU")
            .Sets((args, gpu) => args with { BaseGpuId = gpu }),
        Flag.Integer("--gpu-id-step", 1, "Distance between the indices of the GPUs used.")
            .Such(value => value > 0, Positive).NoEffect(When.OnCpu, "the engine runs on the CPU").Sets((args, step) => args with { GpuIdStep = step }),
        Flag.Switch("--sleep-on-idle", "Use no processor time while there is nothing to do.").NoEffect("an idle engine always sleeps"),
        Flag.Text("--custom-sigquit-handler", "Python function to run when the server is told to quit.").Shown("NAME")
            .NotYet("hooks in Python", "SIGTERM or Ctrl-C, on which the server finishes cleanly"),
    ]);
}
