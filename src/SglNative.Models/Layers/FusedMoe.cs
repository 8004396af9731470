using SglNative.Core.Tensors;
using SglNative.Models.Modules;
using SglNative.Models.Operations;
using SglNative.Models.Weights;

namespace SglNative.Models.Layers;

/// <summary>A mixture of experts: router, routed experts, and where there is one the shared expert with its gate.</summary>
public sealed class FusedMoe : FeedForward
{
    private readonly MoeConfig _config;
    private readonly Linear _router;
    private readonly Parameter? _correction;
    private readonly ExpertMethod _experts;
    private readonly GatedMlp? _shared;
    private readonly Linear? _sharedGate;

    /// <summary>Declares the router, <c>experts</c> and the shared expert under the names that the configuration gives.</summary>
    public FusedMoe(ModuleScope scope, MoeConfig c) : base(scope)
    {
        c.Routing.Check(c.Experts);
        _config = c;
        _router = new Linear(scope, LinearSpec.Replicated(c.RouterName, c.HiddenSize, c.Experts, c.RouterBias));
        if (c.CorrectionBias)
        {
            var shape = new Shape(c.Experts);
            var router = scope[c.RouterName];
            _correction = router.Parameter("e_score_correction_bias", shape, DType.Float32, ParameterInit.Zeros, [new WeightPart(router.Join("e_score_correction_bias"), shape)]);
        }
        scope.Build.Declare(new Router(scope.Join(c.RouterName), c.Experts, c.Routing, _correction));
        _experts = scope.Build.LinearMethods.CreateExperts(scope["experts"], new ExpertSpec(c.Experts, c.HiddenSize, c.ExpertSize, c.ExpertBias));
        if (c.SharedSize > 0) _shared = new GatedMlp(scope[c.SharedName], c.HiddenSize, c.SharedSize, c.Expert.Activation, bias: false, reduce: false);
        if (c.SharedGate) _sharedGate = new Linear(scope, LinearSpec.Replicated($"{c.SharedName}_gate", c.HiddenSize, 1));
    }

    /// <inheritdoc/>
    public override Tensor Forward(in Tensor x)
    {
        var logits = _router.Forward(x);
        var routing = Ops.RouteExperts(logits, _correction?.Value ?? default, _config.Routing);
        var outputs = _experts.Apply(Ops, x, routing, _config.Expert);
        var routed = Ops.CombineExperts(outputs, routing, weighted: !_config.Expert.WeightInput);
        if (_shared is null) return Output(Ops.AllReduce(routed));
        var shared = _shared.Forward(x);
        if (_sharedGate is not null) shared = Ops.SigmoidGate(shared, _sharedGate.Forward(x));
        // The gate is the same on every rank, so one sum over the ranks does for both.
        return Output(Ops.AllReduce(Ops.Add(routed, shared)));
    }
}
