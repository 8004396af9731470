using SglNative.Core.Tensors;
using SglNative.Models.Operations;
using SglNative.OpsContract;

namespace SglNative.KernelSuites;

/// <summary>Draws. The reference's token is the largest perturbed logit of the allowed set; rows where two lie close decide nothing.</summary>
internal sealed class SampleSuite : KernelSuite
{
    private const double Close = 1e-3;

    public override string Kernel => "sampling/sample.cu";

    public override IEnumerable<KernelCase> Checks =>
        from shape in ((int Rows, int Columns)[])[(0, 5), (1, 1), (24, 5), (24, 333), (9, 20_011), (3, 128_256), (20_000, 7)]
        from limits in ((float Temperature, int TopK, float TopP, float MinP)[])[(0, 0, 1, 0), (0.7f, 0, 1, 0), (1.3f, 5, 1, 0), (1, 0, 0.9f, 0), (1, 0, 1, 0.2f), (0.9f, 40, 0.95f, 0.02f)]
        select new KernelCase($"{shape.Rows}x{shape.Columns} temperature {limits.Temperature} top-k {limits.TopK} top-p {limits.TopP} min-p {limits.MinP}", bench =>
        {
            var logits = bench.Random(DType.Float32, shape.Rows, shape.Columns, scale: 6);
            var inputs = Inputs(bench, shape.Rows, limits.Temperature, limits.TopK, limits.TopP, limits.MinP);
            return new(() => bench.Ops.Sample(logits.Tensor, inputs))
            {
                Accepted = drawn => [.. Enumerable.Range(0, shape.Rows).Select(r => (double)Right(logits.Values.AsSpan(r * shape.Columns, shape.Columns).ToArray(), r, limits, (int)drawn[r]))],
            };
        }) { IsLarge = shape.Columns > 100_000 || shape.Rows > 1000 };

    public override IEnumerable<KernelCase> Speeds =>
        from rows in (int[])[1, 64, 256]
        from limits in ((string Name, float Temperature, int TopK, float TopP)[])[("greedy", 0, 0, 1), ("temperature", 0.8f, 0, 1), ("top-k, top-p", 0.8f, 50, 0.9f)]
        select new KernelCase($"{limits.Name} {rows}x128256", bench =>
        {
            var logits = bench.Filled(DType.Float32, rows, 128_256);
            var inputs = Inputs(bench, rows, limits.Temperature, limits.TopK, limits.TopP, 0) with { AllGreedy = limits.Temperature == 0 };
            return new(() => bench.Ops.Sample(logits, inputs)) { Bytes = DType.Float32.Bytes(rows * 128_256L) };
        });

    // The token drawn where it is among the right ones, which differ only where a bound or two perturbed logits are within rounding.
    private static int Right(float[] row, int r, (float Temperature, int TopK, float TopP, float MinP) limits, int drawn)
    {
        if (limits.Temperature == 0) return Array.IndexOf(row, row.Max());
        double Perturbed(int i) => row[i] / limits.Temperature + Ops.GumbelNoise(Seed(r), r + 3, i);
        foreach (var slack in (double[])[0, 1e-5, -1e-5])
        {
            var allowed = Reference.Allowed(row, limits.Temperature, limits.TopK, limits.TopP, limits.MinP, slack);
            if (allowed.Contains(drawn) && Perturbed(drawn) >= allowed.Max(Perturbed) - Close) return drawn;
        }
        return -1;
    }

    private static long Seed(int row) => row * 7919L - 5;

    private static SamplingInputs Inputs(Workbench bench, int rows, float temperature, int topK, float topP, float minP)
    {
        Tensor Repeated(float value) => bench.Upload([.. Enumerable.Repeat(value, rows)], DType.Float32, rows);
        return new(Repeated(temperature), bench.Upload([.. Enumerable.Repeat(topK, rows)]), Repeated(topP), Repeated(minP),
            bench.Upload([.. Enumerable.Range(0, rows).Select(Seed)]), bench.Upload([.. Enumerable.Range(3, rows)]), AllGreedy: false);
    }
}
