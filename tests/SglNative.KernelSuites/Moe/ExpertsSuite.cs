using SglNative.Core.Tensors;
using SglNative.Models.Operations;
using SglNative.OpsContract;

namespace SglNative.KernelSuites;

/// <summary>Both products of a layer's experts.</summary>
/// <param name="kernel">The kernel that the types reach.</param>
/// <param name="few">Whether it is the one for few rows of each expert or that for more; null where one kernel does both.</param>
/// <param name="types">Those of inputs and weights.</param>
internal sealed class ExpertsSuite(string kernel, bool? few, params (DType X, DType Weight)[] types) : KernelSuite
{
    private static readonly (bool Bias, ExpertOptions Options)[] Variants =
    [
        (false, new()), (true, new() { Activation = GatedActivation.SwigluOss, Limit = 0.8f }),
        (true, new() { Activation = GatedActivation.GeluTanh, WeightInput = true }), (false, new() { Activation = GatedActivation.Gelu }),
    ];

    private static readonly bool[] Switch = [false, true];

    // FewExpertsConfig.Suits: up to so many rows for each expert.
    private const int FewRowsEach = 4;

    public override string Kernel => kernel;

    public override IEnumerable<KernelCase> Checks =>
        from type in types
        // Fewer tokens than experts, experts without tokens, more tokens than a tile; of each tile there is.
        from shape in ((int Tokens, int Experts, int TopK, int Hidden, int Inner, bool IsLarge)[])
            [(0, 4, 2, 64, 32, false), (1, 4, 2, 8, 8, false), (3, 8, 3, 64, 48, false), (5, 40, 6, 72, 16, false), (8, 2, 1, 40, 24, false), (25, 7, 1, 1032, 520, false),
             (40, 40, 6, 128, 72, false), (10, 3, 2, 136, 40, false), (70, 3, 1, 40, 200, false), (300, 5, 2, 96, 64, true), (500, 2, 2, 72, 136, true)]
        where IsMine(shape.Tokens * shape.TopK, shape.Experts)
        from part in Variants.Select(variant => GateUp(type.X, type.Weight, shape.Tokens, shape.Experts, shape.TopK, shape.Hidden, shape.Inner, variant.Bias, variant.Options))
            .Concat(Switch.Select(bias => Down(type.X, type.Weight, shape.Tokens, shape.Experts, shape.TopK, shape.Hidden, shape.Inner, bias)))
        select part with { IsLarge = shape.IsLarge };

    public override IEnumerable<KernelCase> Speeds =>
        from tokens in few is null ? (int[])[1, 64] : [1, 8, 64, 512, 4096]
        // Mixtral 8x7B and Qwen3 30B A3B.
        from model in ((int Experts, int TopK, int Hidden, int Inner)[])[(8, 2, 4096, 14336), (128, 8, 2048, 768)]
        where IsMine(tokens * model.TopK, model.Experts)
        from gated in (bool[])[true, false]
        select Speed(types[0].X, tokens, model.Experts, model.TopK, model.Hidden, model.Inner, gated);

    private bool IsMine(int pairs, int experts) => few is null || few == (pairs <= FewRowsEach * experts);

    private static KernelCase GateUp(DType xType, DType weightType, int tokens, int experts, int topK, int hidden, int inner, bool biased, ExpertOptions options) =>
        new($"gate and up {xType}/{weightType} {tokens} tokens, {topK} of {experts}, {hidden} to {inner}, {options.Activation}{(biased ? ", bias" : "")}", bench =>
        {
            var routed = new RoutedPairs(bench, tokens, experts, topK, spare: true);
            var x = bench.Random(xType, tokens, hidden, gap: 8);
            var weight = bench.Random(weightType, experts * 2 * inner, hidden, scale: 2 / MathF.Sqrt(hidden));
            var bias = biased ? bench.Random(DType.Float32, experts, 2 * inner, scale: 0.5f) : default;
            return new(() => bench.Ops.ExpertGateUp(x.Tensor, weight.Tensor.View(experts, 2 * inner, hidden), bias.Tensor, routed.Routing, options))
            {
                Expected = () => [.. routed.Pairs.SelectMany(pair => Enumerable.Range(0, inner).Select(i =>
                {
                    var gate = routed.Chosen[pair] * 2 * inner + i;
                    double Half(int row) => (options.WeightInput ? routed.Weights[pair] : 1) * Dot(x.Values, pair / topK, weight.Values, row, hidden) + (bias.Values?[row] ?? 0);
                    return Reference.GatedUnit(Half(gate), Half(gate + inner), options.Activation, options.Limit);
                }))],
                Tolerance = Sweep.Rounding(xType),
            };
        });

    private static KernelCase Down(DType xType, DType weightType, int tokens, int experts, int topK, int hidden, int inner, bool biased) =>
        new($"down {xType}/{weightType} {tokens} tokens, {topK} of {experts}, {inner} to {hidden}{(biased ? ", bias" : "")}", bench =>
        {
            var routed = new RoutedPairs(bench, tokens, experts, topK, spare: true);
            var x = bench.Random(xType, tokens * topK, inner);
            var weight = bench.Random(weightType, experts * hidden, inner, scale: 2 / MathF.Sqrt(inner));
            var bias = biased ? bench.Random(DType.Float32, experts, hidden, scale: 0.5f) : default;
            return new(() => bench.Ops.ExpertDown(x.Tensor, weight.Tensor.View(experts, hidden, inner), bias.Tensor, routed.Routing))
            {
                Expected = () =>
                {
                    var expected = new double[tokens * topK * hidden];
                    for (var r = 0; r < routed.Pairs.Length; r++)
                        for (var h = 0; h < hidden; h++)
                        {
                            var row = routed.Chosen[routed.Pairs[r]] * hidden + h;
                            expected[routed.Pairs[r] * hidden + h] = Dot(x.Values, r, weight.Values, row, inner) + (bias.Values?[row] ?? 0);
                        }
                    return expected;
                },
                Tolerance = Sweep.Rounding(DType.Float32),
            };
        });

    private static KernelCase Speed(DType dtype, int tokens, int experts, int topK, int hidden, int inner, bool gated) =>
        new($"{(gated ? "gate and up" : "down")} {dtype} {tokens} tokens, {topK} of {experts}, {hidden}/{inner}", bench =>
        {
            var routed = new RoutedPairs(bench, tokens, experts, topK);
            var (depth, columns, outputs) = gated ? (hidden, 2 * inner, inner) : (inner, hidden, hidden);
            var x = bench.Filled(dtype, gated ? tokens : tokens * topK, depth);
            var weight = bench.Filled(dtype, experts, columns, depth);
            var options = new ExpertOptions();
            return new(() => gated ? bench.Ops.ExpertGateUp(x, weight, default, routed.Routing, options) : bench.Ops.ExpertDown(x, weight, default, routed.Routing))
            {
                Bytes = dtype.Bytes((long)routed.Used * columns * depth) + x.ByteCount + (gated ? dtype : DType.Float32).Bytes((long)tokens * topK * outputs),
                Flops = dtype == DType.Float32 ? 0 : 2.0 * tokens * topK * columns * depth,
            };
        });

    private static double Dot(float[] a, int row, float[] b, int other, int width)
    {
        var sum = 0.0;
        for (var i = 0; i < width; i++) sum += (double)a[row * width + i] * b[other * width + i];
        return sum;
    }
}
