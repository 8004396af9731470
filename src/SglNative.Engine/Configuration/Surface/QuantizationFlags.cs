using SglNative.Engine.Configuration.Flags;

namespace SglNative.Engine.Configuration.Surface;

internal static class QuantizationFlags
{
    public static readonly string[] Methods =
    [
        "awq", "fp8", "gptq", "marlin", "gptq_marlin", "awq_marlin", "bitsandbytes", "gguf", "modelopt", "modelopt_fp8", "modelopt_fp4",
        "petit_nvfp4", "w8a8_int8", "w8a8_fp8", "moe_wna16", "qoq", "w4afp8", "mxfp4", "mxfp8", "auto-round", "compressed-tensors",
        "modelslim", "quark_int4fp8_moe",
    ];

    private const string ModelOpt = "quantising with ModelOpt";
    private const string Unquantized = "an unquantised checkpoint with --dtype bfloat16";

    public static FlagGroup Group { get; } = new("Quantization and data type",
    [
        Flag.Text("--dtype", "auto", "Type of weights and activations; auto fits the checkpoint and the device.").Shown("TYPE")
            .OneOf("auto", "half", "float16", "bfloat16", "float", "float32")
            .NotYet(When.Is("half", "float16") & When.OnCpu, "float16 arithmetic on the CPU", "--dtype bfloat16, or --dtype float32")
            .Sets((args, type) => args with
            {
                DType = type switch
                {
                    "half" or "float16" => DTypeChoice.Float16,
                    "bfloat16" => DTypeChoice.BFloat16,
                    "float" or "float32" => DTypeChoice.Float32,
                    _ => DTypeChoice.Auto,
                },
            }),
        Flag.Text("--quantization", "Method by which the weights are, or are to be, quantised.").Shown("METHOD")
            .OneOf(Methods).NotYet("quantised weights", Unquantized),
        Flag.Text("--quantization-param-path", "JSON file with the scales of a quantised KV cache.").Shown("FILE")
            .NoEffect("it matters for --kv-cache-dtype fp8_e4m3 only, which is not there yet"),
        Flag.Text("--kv-cache-dtype", "auto", "Type of the KV cache; auto takes the activations'.").Shown("TYPE")
            .OneOf("auto", "fp8_e5m2", "fp8_e4m3", "bf16", "bfloat16", "fp4_e2m1")
            .NotYet(When.Is("bf16", "bfloat16") & When.Other("--dtype", "float", "float32", "half", "float16"),
                "a KV cache of another type than the activations", "--kv-cache-dtype auto, or --dtype bfloat16")
            .NoEffect(When.Is("bf16", "bfloat16"), "the KV cache has the type of the activations, which --dtype sets")
            .NotYet("a quantised KV cache", "--kv-cache-dtype auto"),
        Flag.Switch("--enable-fp32-lm-head", "Compute logits in float32.").NoEffect("logits are always accumulated and kept in float32"),
        Flag.Text("--modelopt-quant", "ModelOpt configuration to quantise with.").Shown("NAME").NotYet(ModelOpt, Unquantized),
        Flag.Text("--modelopt-checkpoint-restore-path", "ModelOpt checkpoint to go on from.").Shown("PATH").NotYet(ModelOpt, Unquantized),
        Flag.Text("--modelopt-checkpoint-save-path", "Where to save the ModelOpt checkpoint.").Shown("PATH").NotYet(ModelOpt, Unquantized),
        Flag.Text("--modelopt-export-path", "Where to export the quantised model in the Hugging Face layout.").Shown("PATH").NotYet(ModelOpt, Unquantized),
        Flag.Switch("--quantize-and-serve", "Quantise with ModelOpt and serve without exporting.").NotYet(ModelOpt, Unquantized),
        Flag.Text("--rl-quant-profile", "Quantisation profile of FlashRL.").Shown("FILE")
            .NoEffect("it matters for --load-format flash_rl only, which is not there yet"),
        Flag.Switch("--enable-quant-communications", "Send int8 between tensor parallel ranks.").NoEffect("ranks send each other float32"),
    ]);
}
