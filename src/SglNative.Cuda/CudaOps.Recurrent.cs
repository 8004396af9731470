using SglNative.Core.Tensors;
using SglNative.Cuda.Elementwise;
using SglNative.Cuda.Recurrent;
using SglNative.Models.Batches;
using SglNative.Models.Operations;

namespace SglNative.Cuda;

internal sealed partial class CudaOps
{
    private readonly CausalConvolutionKernel _convolution = new(context);
    private readonly DeltaGatesKernel _deltaGates = new(context);
    private readonly GatedDeltaRule _deltaRule = new(context, deterministic);
    private readonly GateKernel _gate = new(context);

    /// <inheritdoc/>
    protected override void CausalConvolutionInto(
        in Tensor x, in Tensor weight, in Tensor bias, in Tensor state, in AttentionMetadata metadata, PointwiseActivation activation, in Tensor output) =>
        _convolution.Run(x, weight, bias, state, metadata, activation, output);

    /// <inheritdoc/>
    protected override void DeltaGatesInto(in Tensor a, in Tensor b, in Tensor aLog, in Tensor dtBias, in Tensor logDecay, in Tensor beta) =>
        _deltaGates.Run(a, b, aLog, dtBias, logDecay, beta);

    /// <inheritdoc/>
    protected override void GatedDeltaRuleInto(
        in Tensor q, in Tensor k, in Tensor v, in Tensor logDecay, in Tensor beta, in Tensor state, in AttentionMetadata metadata, float scale, float eps,
        DType operand, in Tensor output) => _deltaRule.Run(q, k, v, logDecay, beta, state, metadata, scale, eps, operand, output);

    /// <inheritdoc/>
    protected override void GateInto(in Tensor x, in Tensor gate, PointwiseActivation activation, in Tensor output) => _gate.Run(x, gate, activation, output);
}
