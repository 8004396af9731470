using SglNative.Core.Tensors;
using SglNative.Cuda.Attention;
using SglNative.Cuda.Caching;
using SglNative.Cuda.Custom;
using SglNative.Cuda.Elementwise;
using SglNative.Cuda.Embedding;
using SglNative.Cuda.Kernels;
using SglNative.Cuda.Moe;
using SglNative.Cuda.Normalization;
using SglNative.Cuda.Random;
using SglNative.Cuda.Rotary;
using SglNative.Cuda.Sampling;
using SglNative.Interop.Gemm;
using SglNative.Models.Backends;
using SglNative.Models.Batches;
using SglNative.Models.Operations;
using SglNative.Models.Operations.Custom;
using SglNative.Models.Operations.Expressions;

namespace SglNative.Cuda;

/// <summary>The operations as launches in one stream. A call allocates nothing on the managed heap once its kernel is loaded.</summary>
internal sealed partial class CudaOps(CudaBackend backend, KernelContext context, bool deterministic) : Ops, IDisposable
{
    private readonly EmbeddingKernel _embedding = new(context);
    private readonly ElementwiseKernels _elementwise = new(context);
    private readonly GatedActivationKernel _gatedActivation = new(context);
    private readonly RmsNormKernel _rmsNorm = new(context);
    private readonly RotaryKernel _rotary = new(context);
    private readonly RotateAndStoreKernel _rotateAndStore = new(context);
    private readonly StoreKvKernel _storeKv = new(context);
    private readonly AttentionKernels _attention = new(context);
    private readonly GatingKernels _gating = new(context);
    private readonly LayerNormKernel _layerNorm = new(context);
    private readonly RouteExpertsKernel _routeExperts = new(context);
    private readonly SortPairsKernel _sortPairs = new(context);
    private readonly ExpertKernels _experts = new(context);
    private readonly CombineExpertsKernel _combineExperts = new(context);
    private readonly SampleKernels _sample = new(context);
    private readonly LogProbsKernels _logProbs = new(context);
    private readonly EditLogitsKernel _editLogits = new(context);
    private readonly FillNormalKernel _fillNormal = new(context);
    private readonly MapKernel _map = new(context);
    private readonly CustomKernels _custom = new(context);

    /// <inheritdoc/>
    public override Backend Backend => backend;

    /// <summary>Every element becomes <paramref name="value"/>.</summary>
    public void Fill(in Tensor tensor, float value) => _elementwise.Fill(tensor, value);

    /// <summary>See <see cref="Backend.FillNormal"/>.</summary>
    public void FillNormal(in Tensor tensor, float std, ulong seed) => _fillNormal.Run(tensor, std, seed);

    /// <summary>Frees what kernels keep between calls.</summary>
    public void Dispose() => _sample.Dispose();

    /// <inheritdoc/>
    protected override void EmbeddingInto(in Tensor ids, in Tensor table, in Tensor output) => _embedding.Run(ids, table, output);

    /// <inheritdoc/>
    protected override void RmsNormInto(in Tensor x, in Tensor weight, float eps, float weightOffset, in Tensor output) =>
        _rmsNorm.Run(x, weight, eps, weightOffset, output);

    /// <inheritdoc/>
    protected override void AddRmsNormInto(in Tensor x, in Tensor residual, in Tensor weight, float eps, float weightOffset, in Tensor output) =>
        _rmsNorm.RunAdd(x, residual, weight, eps, weightOffset, output);

    /// <inheritdoc/>
    protected override void LinearInto(in Tensor x, in Tensor weight, in Tensor bias, in Tensor output)
    {
        x.ExpectDenseRows(nameof(x));
        weight.ExpectDenseRows(nameof(weight));
        var input = x.DType == weight.DType ? x : Cast(x, weight.DType);
        var addend = bias.IsNull || bias.DType == output.DType ? bias : Cast(bias.View(1, bias.Count), output.DType);
        var description = GemmDescription.Linear(
            checked((int)input.Shape[0]), checked((int)weight.Shape[0]), checked((int)weight.Shape[1]), weight.DType, output.DType) with
        {
            LeadingA = Leading(input),
            LeadingB = Leading(weight),
            Epilogue = bias.IsNull ? GemmEpilogue.None : GemmEpilogue.Bias,
            Deterministic = deterministic,
        };
        context.Device.Gemm(description, new GemmOperands(input.Data, weight.Data, output.Data) { Bias = addend.Data }, context.Stream);
    }

    /// <inheritdoc/>
    protected override void ActAndMulInto(in Tensor x, GatedActivation activation, in Tensor output) => _gatedActivation.Run(x, activation, output);

    /// <inheritdoc/>
    protected override void AddInto(in Tensor a, in Tensor b, in Tensor output) => _elementwise.Add(a, b, output);

    /// <inheritdoc/>
    protected override void ScaleInto(in Tensor x, float factor, in Tensor output) => _elementwise.Scale(x, factor, output);

    /// <inheritdoc/>
    protected override void CastInto(in Tensor x, in Tensor output) => _elementwise.Scale(x, 1f, output);

    /// <inheritdoc/>
    protected override void TwoTermsInto(in Tensor x, in Tensor output) => _elementwise.TwoTerms(x, output);

    /// <inheritdoc/>
    protected override void RotaryEmbeddingInPlace(in Tensor q, in Tensor k, in Tensor positions, in Tensor cosSin, bool interleaved) =>
        _rotary.Run(q, k, positions, cosSin, interleaved);

    /// <inheritdoc/>
    protected override void StoreKvInto(in Tensor k, in Tensor v, in Tensor cache, in Tensor slots) => _storeKv.Run(k, v, cache, slots);

    /// <inheritdoc/>
    protected override Tensor RotateAndStoreInto(
        in Tensor q, in Tensor k, in Tensor v, in Tensor positions, in Tensor cosSin, bool interleaved, in Tensor cache, in Tensor slots, DType dtype)
    {
        var output = Arena.Allocate(q.Shape, dtype);
        _rotateAndStore.Run(q, k, v, positions, cosSin, interleaved, cache, slots, output);
        return output;
    }

    /// <inheritdoc/>
    protected override void AttentionInto(
        in Tensor q, in Tensor cache, in AttentionMetadata metadata, AttentionOptions options, in Tensor sinks, in Tensor output) =>
        _attention.Run(q, cache, metadata, options, sinks, output);

    /// <inheritdoc/>
    protected override void RouteExpertsInto(in Tensor logits, in Tensor correction, RoutingOptions options, in ExpertRouting routing)
    {
        if (routing.Tokens > 0) _routeExperts.Run(logits, correction, options, routing);
        _sortPairs.Run(routing);
    }

    /// <inheritdoc/>
    protected override void ExpertGateUpInto(in Tensor x, in Tensor weight, in Tensor bias, in ExpertRouting routing, ExpertOptions options, in Tensor output) =>
        _experts.GateUp(x, weight, bias, routing, options, output);

    /// <inheritdoc/>
    protected override void ExpertDownInto(in Tensor x, in Tensor weight, in Tensor bias, in ExpertRouting routing, in Tensor output) =>
        _experts.Down(x, weight, bias, routing, output);

    /// <inheritdoc/>
    protected override void CombineExpertsInto(in Tensor x, in ExpertRouting routing, bool weighted, in Tensor output) =>
        _combineExperts.Run(x, routing, weighted, output);

    /// <inheritdoc/>
    protected override void LayerNormInto(in Tensor x, in Tensor weight, in Tensor bias, float eps, in Tensor output) => _layerNorm.Run(x, weight, bias, eps, output);

    /// <inheritdoc/>
    protected override void SigmoidGateInto(in Tensor x, in Tensor gate, in Tensor output) => _gating.SigmoidGate(x, gate, output);

    /// <inheritdoc/>
    protected override void ClampInto(in Tensor x, float limit, in Tensor output) => _gating.Clamp(x, limit, output);

    /// <inheritdoc/>
    protected override void SoftCapInto(in Tensor x, float cap, in Tensor output) => _gating.SoftCap(x, cap, output);

    /// <inheritdoc/>
    protected override void EditLogitsInPlace(in Tensor logits, in LogitEdits edits) => _editLogits.Run(logits, edits);

    /// <inheritdoc/>
    protected override void SampleInto(in Tensor logits, in SamplingInputs inputs, in Tensor output) => _sample.Run(logits, inputs, output);

    /// <inheritdoc/>
    protected override void LogProbsInto(in Tensor logits, in Tensor tokens, in Tensor output) => _logProbs.Run(logits, tokens, output);

    /// <inheritdoc/>
    protected override void TopLogProbsInto(in Tensor logits, in Tensor ids, in Tensor values) => _logProbs.RunTop(logits, ids, values);

    /// <inheritdoc/>
    protected override void MapInto(MapExpression expression, ReadOnlySpan<Tensor> inputs, in Tensor output) => _map.Run(expression, inputs, output);

    /// <inheritdoc/>
    protected override void RunCustom(CustomOp op, in CustomCall call) => _custom.Run(op, call);

    /// <summary>The distance of rows; of a single row any will do, and the library wants at least its length.</summary>
    private static long Leading(in Tensor rows) => rows.Shape[0] > 1 ? rows.Strides[0] : rows.Shape[1];
}
