using SglNative.Core.Tensors;

namespace SglNative.KernelSuites;

/// <summary>The sum of each token's experts, with and without weights.</summary>
internal sealed class CombineExpertsSuite : KernelSuite
{
    public override string Kernel => "moe/combine.cu";

    public override IEnumerable<KernelCase> Checks =>
        from dtype in Sweep.DTypes
        from shape in Sweep.Rows
        from topK in (int[])[1, 2, 8]
        from weighted in (bool[])[false, true]
        where !shape.IsLarge || (topK == 2 && weighted)
        select new KernelCase($"{dtype} {topK} of {shape}{(weighted ? ", weighted" : "")}", bench =>
        {
            var routed = new RoutedPairs(bench, shape.Rows, 8, topK);
            var x = bench.Random(dtype, shape.Rows * topK, shape.Width, shape.Gap);
            return new(() => bench.Ops.CombineExperts(x.Tensor, routed.Routing, weighted))
            {
                Expected = () =>
                {
                    var expected = new double[shape.Rows * shape.Width];
                    for (var i = 0; i < x.Values.Length; i++)
                    {
                        var pair = i / shape.Width;
                        expected[pair / topK * shape.Width + i % shape.Width] += (double)x.Values[i] * (weighted ? routed.Weights[pair] : 1);
                    }
                    return expected;
                },
                Tolerance = Sweep.Rounding(dtype),
            };
        }) { IsLarge = shape.IsLarge };

    public override IEnumerable<KernelCase> Speeds =>
        from tokens in (int[])[1, 64, 512, 8192]
        select new KernelCase($"float32 8 of {tokens}x2048", bench =>
        {
            var routed = new RoutedPairs(bench, tokens, 128, 8);
            var x = bench.Filled(DType.Float32, tokens * 8, 2048);
            return new(() => bench.Ops.CombineExperts(x, routed.Routing)) { Bytes = 9 * DType.Float32.Bytes(tokens * 2048L) };
        });
}
