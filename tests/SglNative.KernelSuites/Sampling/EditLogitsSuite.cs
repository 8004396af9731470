using SglNative.Core.Tensors;
using SglNative.Models.Operations;

namespace SglNative.KernelSuites;

/// <summary>Penalties, biases and masks on single logits.</summary>
internal sealed class EditLogitsSuite : KernelSuite
{
    public override string Kernel => "sampling/edit_logits.cu";

    public override IEnumerable<KernelCase> Checks =>
        from shape in ((int Rows, int Columns, int Edits)[])[(3, 50, 0), (1, 1, 1), (3, 50, 4), (7, 333, 500), (64, 128_256, 20_001)]
        select new KernelCase($"{shape.Rows}x{shape.Columns}, {shape.Edits} edits", bench =>
        {
            var logits = bench.Random(DType.Float32, shape.Rows, shape.Columns, scale: 4);
            // Each place at most once: steps by a number that shares no factor with the count.
            var places = Enumerable.Range(0, shape.Edits).Select(e => e * 7919L % ((long)shape.Rows * shape.Columns)).ToArray();
            var (repetition, bias) = (bench.Random(DType.Float32, shape.Edits), bench.Random(DType.Float32, shape.Edits));
            var factors = Array.ConvertAll(repetition.Values, value => 1.5f + value / 2);
            var edits = new LogitEdits(
                bench.Upload([.. places.Select(place => (int)(place / shape.Columns))]), bench.Upload([.. places.Select(place => (int)(place % shape.Columns))]),
                bench.Upload(factors, DType.Float32, shape.Edits), bias.Tensor);
            return new(() =>
            {
                bench.Ops.EditLogits(logits.Tensor, edits);
                return logits.Tensor;
            })
            {
                Expected = () =>
                {
                    var expected = Array.ConvertAll(logits.Values, value => (double)value);
                    for (var e = 0; e < places.Length; e++)
                    {
                        var before = expected[places[e]];
                        expected[places[e]] = (before > 0 ? before / factors[e] : before * factors[e]) + bias.Values[e];
                    }
                    return expected;
                },
                Tolerance = 1e-6,
            };
        }) { IsLarge = shape.Columns > 100_000 };

    public override IEnumerable<KernelCase> Speeds => [];
}
