using SglNative.Engine.Configuration.Flags;

namespace SglNative.Engine.Configuration.Surface;

internal static class OptimizationFlags
{
    private const string NotOverlapped = "ranks compute and add up in turns";
    private const string ByNccl = "ranks are always added up by NCCL, in ordinary memory";
    private const string NoTorch = "there is no PyTorch here to compile, and kernels are compiled as such";
    private const string NoGraphsOnCpu = "a CPU runs operations one by one; there is nothing to capture";
    private const string NoPrefillCapture = "decode steps are captured, prefills are not";
    private const string NoTriton = "Triton's kernels are not used";
    private const string NoVision = "the models there are take text only";
    private const string NotThisModel = "no model that has this is there yet";
    private const string OnlyDynamic = "it matters with --enable-dynamic-batch-tokenizer, which changes nothing here";
    private const string OnlyMemorySaver = "it matters with --enable-memory-saver only, which is not there yet";

    public static FlagGroup Cache { get; } = new("Optimization: cache, graphs and scheduling",
    [
        Flag.Switch("--disable-radix-cache", "Reuse no prefixes between requests.").NoEffect("no prefixes are cached between requests yet"),
        Flag.Integer("--cuda-graph-max-bs", "Largest batch whose decode steps are captured into a CUDA graph, where not decided by the device's memory.")
            .NoEffect(When.OnCpu, NoGraphsOnCpu).Sets((args, size) => args with { CudaGraphMaxBs = size }),
        Flag.Integers("--cuda-graph-bs", "Batch sizes that are captured, where not the usual ones.")
            .NoEffect(When.OnCpu, NoGraphsOnCpu).Sets((args, sizes) => args with { CudaGraphBs = [.. sizes] }),
        Flag.Switch("--disable-cuda-graph", "Capture no CUDA graphs.")
            .NoEffect(When.OnCpu, NoGraphsOnCpu).Sets((args, on) => args with { DisableCudaGraph = on }),
        Flag.Switch("--disable-cuda-graph-padding", "Replay a graph only for the very batch size it was captured for.")
            .NoEffect(When.OnCpu, NoGraphsOnCpu).Sets((args, on) => args with { DisableCudaGraphPadding = on }),
        Flag.Switch("--enable-profile-cuda-graph", "Profile the capture.").NoEffect("a capture takes a second or two, and its time is logged"),
        Flag.Switch("--enable-cudagraph-gc", "Allow garbage collection during capture.").NoEffect("a capture leaves hardly any garbage"),
        Flag.Switch("--disable-piecewise-cuda-graph", "Do not capture prefill in pieces.").NoEffect(NoPrefillCapture),
        Flag.Switch("--enforce-piecewise-cuda-graph", "Capture prefill in pieces whatever speaks against it.").NoEffect(NoPrefillCapture),
        Flag.Integers("--piecewise-cuda-graph-tokens", "Token counts for which prefill is captured.").NoEffect(NoPrefillCapture),
        Flag.Text("--piecewise-cuda-graph-compiler", "eager", "Compiler of those pieces.").OneOf("eager", "inductor").Shown("NAME").NoEffect(NoTorch),
        Flag.Integer("--piecewise-cuda-graph-max-tokens", 4096, "Most tokens of such a capture.").NoEffect(NoPrefillCapture),
        Flag.Switch("--disable-overlap-schedule", "Plan a step only when the one before has ended.")
            .NoEffect("overlapping steps changes no result, and the engine decides on it by itself"),
        Flag.Switch("--enable-mixed-chunk", "Let prefill and decode share a step.").NoEffect("the planner decides what shares a step"),
        Flag.Integer("--num-continuous-decode-steps", 1, "Decode steps between two looks at the queue.").NoEffect("the queue is looked at before every step"),
        Flag.Integer("--scheduler-recv-interval", 1, "Steps between two looks for new requests.").NoEffect("new requests are looked for before every step"),
        Flag.Switch("--enable-two-batch-overlap", "Run two micro-batches in turns.").NoEffect(NotOverlapped),
        Flag.Switch("--enable-single-batch-overlap", "Overlap computation with communication.").NoEffect(NotOverlapped),
        Flag.Number("--tbo-token-distribution-threshold", 0.48, "When two micro-batches are cut by tokens.").NoEffect(NotOverlapped),
        Flag.Switch("--disable-chunked-prefix-cache", "Do not read a cached prefix in chunks (DeepSeek).").NoEffect(NotThisModel),
    ]);

    public static FlagGroup Kernels { get; } = new("Optimization: kernels and communication",
    [
        Flag.Switch("--enable-nccl-nvls", "Let NCCL use NVLink's multicast.").NoEffect("it is off unless the variable NCCL_NVLS_ENABLE is set to 1"),
        Flag.Switch("--enable-symm-mem", "Let NCCL use symmetric memory.").NoEffect(ByNccl),
        Flag.Switch("--disable-flashinfer-cutlass-moe-fp4-allgather", "Do not quantise before gathering.").NoEffect(NotThisModel),
        Flag.Switch("--disable-custom-all-reduce", "Add up ranks with NCCL only.").NoEffect(ByNccl),
        Flag.Switch("--enable-mscclpp", "Add up ranks with MSCCL++.").NoEffect(ByNccl),
        Flag.Switch("--enable-torch-symm-mem", "Add up ranks with PyTorch's symmetric memory.").NoEffect(ByNccl),
        Flag.Switch("--enable-p2p-check", "Check whether GPUs reach each other's memory.").NoEffect("NCCL looks for itself"),
        Flag.Switch("--enable-dp-attention", "Split attention by requests and the rest by weights.")
            .NoEffect(When.OnCpu, "a CPU engine is one process that uses all cores")
            .NotYet("attention split over several GPUs", "a start without this flag, on one GPU"),
        Flag.Switch("--enable-dp-lm-head", "Split the vocabulary within such a group.").NoEffect("the vocabulary is split over all ranks, and attention is not run in groups of them"),
        Flag.Switch("--enable-attn-tp-input-scattered", "Scatter the input of attention over the ranks.").NoEffect("every rank has the whole input of attention"),
        Flag.Switch("--enable-dsa-prefill-context-parallel", "Cut long prefills of DeepSeek's sparse attention.")
            .Alias("--enable-nsa-prefill-context-parallel").NoEffect(NotThisModel),
        Flag.Text("--dsa-prefill-cp-mode", "in-seq-split", "How they are cut.").Alias("--nsa-prefill-cp-mode").Shown("MODE")
            .OneOf("in-seq-split", "round-robin-split").NoEffect(NotThisModel),
        Flag.Switch("--enable-torch-compile", "Optimise the model with torch.compile.").NoEffect(NoTorch),
        Flag.Switch("--enable-torch-compile-debug-mode", "Debug torch.compile.").NoEffect(NoTorch),
        Flag.Integer("--torch-compile-max-bs", 32, "Largest batch for torch.compile.").NoEffect(NoTorch),
        Flag.Text("--torchao-config", "", "Quantise the model with torchao.").Shown("NAME")
            .NotYet("quantised weights", "an unquantised checkpoint with --dtype bfloat16"),
        Flag.Switch("--triton-attention-reduce-in-fp32", "Keep Triton's attention sums in float32.").NoEffect("attention sums are always kept in float32"),
        Flag.Integer("--triton-attention-num-kv-splits", 8, "Pieces into which Triton cuts the KV cache.").NoEffect(NoTriton),
        Flag.Integer("--triton-attention-split-tile-size", "Tokens of such a piece.").NoEffect(NoTriton),
        Flag.Switch("--flashinfer-mla-disable-ragged", "Use no ragged prefill with FlashInfer's MLA.").NoEffect("FlashInfer is not used"),
        Flag.Switch("--disable-shared-experts-fusion", "Keep DeepSeek's shared experts apart.").NoEffect(NotThisModel),
        Flag.Switch("--enable-fused-qk-norm-rope", "Normalise and rotate queries and keys in one kernel.").NoEffect("the fused kernel is used wherever it exists"),
        Flag.Switch("--enable-precise-embedding-interpolation", "Resize image position grids exactly.").NoEffect(NoVision),
        Flag.Integers("--numa-node", "NUMA node of each rank.").NoEffect("one process serves all, and numactl places it"),
        Flag.Text("--rl-on-policy-target", "Training system whose numbers are to be matched.").OneOf("fsdp").Shown("NAME")
            .NotYet("matching a training system bit for bit", "--enable-deterministic-inference"),
    ]);

    public static FlagGroup Requests { get; } = new("Optimization: requests and memory",
    [
        Flag.Switch("--enable-tokenizer-batch-encode", "Tokenise the texts of a request together.").NoEffect("texts are tokenised side by side on all cores"),
        Flag.Switch("--disable-tokenizer-batch-decode", "Turn ids into text one answer at a time.").NoEffect("every answer has its own decoder"),
        Flag.Switch("--enable-dynamic-batch-tokenizer", "Gather texts of several requests before tokenising.").NoEffect("texts are tokenised side by side on all cores"),
        Flag.Integer("--dynamic-batch-tokenizer-batch-size", 32, "Texts that are gathered.").NoEffect(OnlyDynamic),
        Flag.Number("--dynamic-batch-tokenizer-batch-timeout", 0.002, "Seconds to wait for them.").NoEffect(OnlyDynamic),
        Flag.Switch("--disable-outlines-disk-cache", "Keep outlines' automata off the disk.").NoEffect("outlines is not used"),
        Flag.Switch("--allow-auto-truncate", "Cut a prompt, or the tokens asked for after it, to the context instead of refusing what exceeds it.")
            .Sets((args, on) => args with { AllowAutoTruncate = on }),
        Flag.Switch("--enable-custom-logit-processor", "Let requests bring code that changes the logits.")
            .NotYet("code in requests", "logit_bias and the penalties of a request"),
        Flag.Switch("--enable-return-hidden-states", "Let requests ask for hidden states.")
            .NotYet("hidden states in answers", "--debug-tensor-dump-output-folder, which writes every module's output"),
        Flag.Switch("--enable-return-routed-experts", "Let requests ask which experts ran.").NotYet("models with experts", "a start without this flag"),
        Flag.Switch("--enable-memory-saver", "Let a request give the device's memory back for a while.")
            .NotYet("giving memory back while the server runs", "a smaller --mem-fraction-static"),
        Flag.Switch("--enable-weights-cpu-backup", "Keep the weights in host memory meanwhile.").NoEffect(OnlyMemorySaver),
        Flag.Switch("--enable-draft-weights-cpu-backup", "The same for the guessing model.").NoEffect(OnlyMemorySaver),
        Flag.Switch("--delete-ckpt-after-loading", "Delete the checkpoint once it is loaded.")
            .NotYet("deleting files", "deleting them yourself after the line that begins with Ready"),
        Flag.Switch("--disable-fast-image-processor", "Use the slow image processor.").NoEffect(NoVision),
        Flag.Switch("--keep-mm-feature-on-device", "Leave image features on the device.").NoEffect(NoVision),
        Flag.Switch("--enable-deterministic-inference", "Let results be bitwise independent of what else is in the batch.")
            .Sets((args, on) => args with { EnableDeterministicInference = on }),
    ]);

    public static FlagGroup Debugging { get; } = new("Debugging",
    [
        Flag.Switch("--enable-layerwise-nvtx-marker", "Mark each layer for Nsight.").NoEffect("layers are not marked for a profiler yet"),
        Flag.Switch("--enable-nan-detection", "Look for NaN in the logits.")
            .NotYet("looking for NaN while serving", "--debug-tensor-dump-output-folder, which writes every module's output"),
        Flag.Text("--debug-tensor-dump-output-folder", "Folder into which every module's output is written.").Shown("DIR")
            .Sets((args, dir) => args with { DebugTensorDumpOutputFolder = dir }),
        Flag.Integers("--debug-tensor-dump-layers", "Layers to write, where not all.")
            .Such(layers => layers.All(layer => layer >= 0), "layer numbers from 0").Sets((args, layers) => args with { DebugTensorDumpLayers = [.. layers] }),
        Flag.Text("--debug-tensor-dump-input-file", "File whose tensors take the place of the input.").Shown("FILE")
            .NotYet("running from stored tensors", "bench-one-batch --input-ids"),
        Flag.Text("--debug-tensor-dump-inject", "Feed each layer with stored outputs of the one before.")
            .NotYet("running from stored tensors", "bench-one-batch --reference, which names the first layer that goes wrong"),
    ]);
}
