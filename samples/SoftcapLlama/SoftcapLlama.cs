using SglNative.Core.Configuration;
using SglNative.Core.Tensors;
using SglNative.Models;
using SglNative.Models.Architectures;
using SglNative.Models.Modules;
using SglNative.Models.Operations.Custom;
using SglNative.Models.Registry;

namespace SglNative.Samples;

/// <summary>
/// Llama whose logits are capped by a CUDA kernel of its own, which the package carries and the product compiles and caches; on the
/// CPU its counterpart runs. The cap is a key of its own in <c>config.json</c>, and the package brings a chat template.
/// </summary>
[ModelArchitecture("SoftcapLlamaForCausalLM")]
public sealed class SoftcapLlama(JsonConfig config, ModuleScope root) : LlamaForCausalLM(config, root)
{
    private static readonly CustomOp Softcap = new()
    {
        Name = "softcap",
        Assembly = typeof(SoftcapLlama).Assembly,
        Source = "softcap.cu",
        Kernel = "sample::softcap<T>",
        Launch = static (in CustomCall call) => CustomLaunch.PerElement(call.Output.Count),
        Cpu = static (in CustomCall call) =>
        {
            var x = CustomCall.Elements<float>(call.Inputs[0]);
            var y = CustomCall.Elements<float>(call.Output);
            var cap = call.Scalars[1].Single;
            for (var i = 0; i < x.Length; i++) y[i] = cap * MathF.Tanh(x[i] / cap);
        },
    };

    private readonly float _cap = Cap(config);

    /// <inheritdoc/>
    public override string? ChatTemplate => EmbeddedText.Read(typeof(SoftcapLlama).Assembly, "chat_template.jinja");

    /// <inheritdoc/>
    public override Tensor ComputeLogits(Tensor hidden)
    {
        var logits = base.ComputeLogits(hidden);
        return Ops.Run(Softcap, [logits], logits.Shape, logits.DType, logits.Count, _cap);
    }

    private static float Cap(JsonConfig config)
    {
        var cap = config.GetFloat("logits_softcap", 30);
        return cap > 0 ? (float)cap : throw config.Error("logits_softcap", $"is {cap}, expected a positive number");
    }
}
