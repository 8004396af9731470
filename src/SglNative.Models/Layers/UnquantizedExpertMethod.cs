using SglNative.Core.Tensors;
using SglNative.Models.Modules;
using SglNative.Models.Operations;
using SglNative.Models.Weights;

namespace SglNative.Models.Layers;

/// <summary>
/// Dense experts in the model's own type, stacked: [E, 2·I, H] of gates above ups, and [E, H, I]. A rank holds its share of every
/// expert's I.
/// </summary>
public sealed class UnquantizedExpertMethod : ExpertMethod
{
    private readonly Parameter _gateUp;
    private readonly Parameter _down;
    private readonly Parameter? _gateUpBias;
    private readonly Parameter? _downBias;

    /// <summary>Declares the parameters below <paramref name="scope"/>, the experts' own.</summary>
    public UnquantizedExpertMethod(ModuleScope scope, ExpertSpec spec)
    {
        var build = scope.Build;
        var dtype = scope.WeightDType;
        var (start, size) = build.Parallel.Shard(spec.ExpertSize, $"{scope.Path} expert size");
        var (gateUp, down, gateUpBias, downBias) = (new List<WeightPart>(), new List<WeightPart>(), new List<WeightPart>(), new List<WeightPart>());
        var (wide, tall, row) = (new Shape(spec.ExpertSize, spec.HiddenSize), new Shape(spec.HiddenSize, spec.ExpertSize), new Shape(spec.ExpertSize));
        for (var e = 0L; e < spec.Experts; e++)
        {
            var expert = scope[(int)e];
            foreach (var (half, name) in new[] { (2 * e, "gate_proj"), (2 * e + 1, "up_proj") })
            {
                gateUp.Add(Share(expert.Join($"{name}.weight"), wide, half * size * spec.HiddenSize, 0));
                gateUpBias.Add(Share(expert.Join($"{name}.bias"), row, half * size, 0));
            }
            down.Add(Share(expert.Join("down_proj.weight"), tall, e * spec.HiddenSize * size, 1));
            downBias.Add(new WeightPart(expert.Join("down_proj.bias"), new Shape(spec.HiddenSize), e * spec.HiddenSize));
        }
        _gateUp = scope.Parameter("gate_up_proj", new Shape(spec.Experts, 2 * size, spec.HiddenSize), dtype, ParameterInit.Normal, gateUp);
        _down = scope.Parameter("down_proj", new Shape(spec.Experts, spec.HiddenSize, size), dtype, ParameterInit.Normal, down);
        if (!spec.Bias) return;
        _gateUpBias = scope.Parameter("gate_up_proj_bias", new Shape(spec.Experts, 2 * size), DType.Float32, ParameterInit.Zeros, gateUpBias);
        // Added once, after the sum over ranks: rank 0 holds it.
        if (build.Parallel.Rank == 0) _downBias = scope.Parameter("down_proj_bias", new Shape(spec.Experts, spec.HiddenSize), DType.Float32, ParameterInit.Zeros, downBias);

        WeightPart Share(string source, Shape shape, long offset, int axis) =>
            build.Parallel.Size == 1 ? new WeightPart(source, shape, offset) : new WeightPart(source, shape, offset, axis, start, size);
    }

    /// <inheritdoc/>
    public override Tensor Apply(Ops ops, in Tensor x, in ExpertRouting routing, ExpertOptions options)
    {
        var inner = ops.ExpertGateUp(x, _gateUp.Value, _gateUpBias?.Value ?? default, routing, options);
        return ops.ExpertDown(inner, _down.Value, _downBias?.Value ?? default, routing);
    }
}
