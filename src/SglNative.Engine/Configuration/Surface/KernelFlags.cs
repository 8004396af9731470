using SglNative.Engine.Configuration.Flags;

namespace SglNative.Engine.Configuration.Surface;

internal static class KernelFlags
{
    public static readonly string[] AttentionBackends =
    [
        "triton", "torch_native", "flex_attention", "dsa", "nsa", "cutlass_mla", "fa3", "fa4", "flashinfer", "flashmla", "trtllm_mla",
        "trtllm_mha", "dual_chunk_flash_attn", "aiter", "wave", "intel_amx", "ascend",
    ];

    private const string OwnAttention = "attention runs on this program's own kernels, chosen by device and shape";
    private const string NoSparse = "no model with this kind of sparse attention is there yet";
    private const string NoQuantized = "it chooses kernels for quantised weights, which are not there yet";

    public static FlagGroup Group { get; } = new("Kernel back ends",
    [
        Flag.Text("--attention-backend", "Kernels for attention.").OneOf(AttentionBackends).Shown("NAME").NoEffect(OwnAttention),
        Flag.Text("--prefill-attention-backend", "Kernels for attention in prefill.").OneOf(AttentionBackends).Shown("NAME").NoEffect(OwnAttention),
        Flag.Text("--decode-attention-backend", "Kernels for attention in decode.").OneOf(AttentionBackends).Shown("NAME").NoEffect(OwnAttention),
        Flag.Text("--sampling-backend", "Kernels for sampling.").OneOf("flashinfer", "pytorch", "ascend").Shown("NAME")
            .NoEffect("sampling runs on this program's own kernels"),
        Flag.Text("--grammar-backend", "Library that constrains answers to a grammar.").OneOf("xgrammar", "outlines", "llguidance", "none").Shown("NAME")
            .NoEffect("answers are not constrained by a grammar yet, and requests that ask for it are refused"),
        Flag.Text("--mm-attention-backend", "Kernels for attention in vision encoders.").Shown("NAME")
            .OneOf("sdpa", "fa3", "fa4", "triton_attn", "ascend_attn", "aiter_attn").NoEffect("the models there are take text only"),
        Flag.Text("--dsa-prefill-backend", "flashmla_sparse", "Kernels for DeepSeek's sparse attention in prefill.").Shown("NAME")
            .Alias("--nsa-prefill-backend", "--nsa-prefill").NoEffect(NoSparse),
        Flag.Text("--dsa-decode-backend", "fa3", "Kernels for DeepSeek's sparse attention in decode.").Shown("NAME")
            .Alias("--nsa-decode-backend", "--nsa-decode").NoEffect(NoSparse),
        Flag.Text("--fp8-gemm-backend", "auto", "Kernels for products of fp8 matrices.").Alias("--fp8-gemm-runner-backend").Shown("NAME").NoEffect(NoQuantized),
        Flag.Text("--fp4-gemm-backend", "flashinfer_cutlass", "Kernels for products of fp4 matrices.").Alias("--fp4-gemm-runner-backend").Shown("NAME")
            .NoEffect(NoQuantized),
        Flag.Switch("--disable-flashinfer-autotune", "Do not time FlashInfer's kernels at start.").NoEffect("FlashInfer is not used"),
    ]);
}
