using SglNative.Core.Tensors;
using SglNative.OpsContract;

namespace SglNative.KernelSuites;

/// <summary>Sums, products with a number, conversions, filling.</summary>
internal sealed class ElementwiseSuite : KernelSuite
{
    public override string Kernel => "elementwise/elementwise.cu";

    public override IEnumerable<KernelCase> Checks =>
        from dtype in Sweep.DTypes
        from shape in Sweep.Rows
        from part in (IEnumerable<KernelCase>)[Add(dtype, shape), Scale(dtype, shape), .. Sweep.DTypes.Select(to => Cast(dtype, to, shape)), Fill(dtype, shape), .. TwoTerms(dtype, shape)]
        select part with { IsLarge = shape.IsLarge };

    public override IEnumerable<KernelCase> Speeds =>
        from shape in Sweep.Timed
        select new KernelCase($"add float32 {shape}", bench =>
        {
            var (a, b) = (bench.Filled(DType.Float32, shape.Rows, shape.Width), bench.Filled(DType.Float32, shape.Rows, shape.Width));
            return new(() => bench.Ops.Add(a, b)) { Bytes = 3 * DType.Float32.Bytes((long)shape.Rows * shape.Width) };
        });

    private static KernelCase Add(DType dtype, RowShape shape) => new($"add {dtype} {shape}", bench =>
    {
        var (a, b) = (bench.Random(dtype, shape.Rows, shape.Width, shape.Gap), bench.Random(dtype, shape.Rows, shape.Width, shape.Gap));
        return new(() => bench.Ops.Add(a.Tensor, b.Tensor)) { Expected = () => Sweep.Exactly(dtype, a.Values.Zip(b.Values, (x, y) => x + y)) };
    });

    private static KernelCase Scale(DType dtype, RowShape shape) => new($"scale {dtype} {shape}", bench =>
    {
        var a = bench.Random(dtype, shape.Rows, shape.Width, shape.Gap);
        return new(() => bench.Ops.Scale(a.Tensor, 0.3f)) { Expected = () => Sweep.Exactly(dtype, a.Values.Select(x => x * 0.3f)) };
    });

    private static KernelCase Cast(DType from, DType to, RowShape shape) => new($"cast {from} to {to} {shape}", bench =>
    {
        var a = bench.Random(from, shape.Rows, shape.Width, shape.Gap);
        return new(() => bench.Ops.Cast(a.Tensor, to)) { Expected = () => Sweep.Exactly(to, a.Values) };
    });

    // Both terms, brought together again by the unit matrix.
    private static IEnumerable<KernelCase> TwoTerms(DType dtype, RowShape shape) => dtype == DType.Float32 || shape.Width > 300 || shape.IsLarge ? [] :
    [
        new($"two terms of {dtype} {shape}", bench =>
        {
            var x = bench.Random(DType.Float32, shape.Rows, shape.Width, shape.Gap);
            var unit = bench.Upload([.. Enumerable.Range(0, shape.Width * shape.Width).Select(i => i / shape.Width == i % shape.Width ? 1f : 0)], dtype, shape.Width, shape.Width);
            return new(() => bench.Ops.LinearOfTwoTerms(x.Tensor, unit))
            {
                Expected = () => Array.ConvertAll(x.Values, value => (double)value),
                // What is left of the rest, and of numbers that the type no longer tells apart.
                Tolerance = 1e-6 + Numbers.Roundoff(dtype) * Numbers.Roundoff(dtype),
            };
        }),
    ];

    private static KernelCase Fill(DType dtype, RowShape shape) => new($"fill {dtype} {shape.Rows}x{shape.Width}", bench =>
    {
        var tensor = bench.Allocate(dtype, shape.Rows, shape.Width);
        return new(() =>
        {
            bench.Backend.Fill(tensor, 0.3f);
            return tensor;
        }) { Expected = () => Sweep.Exactly(dtype, Enumerable.Repeat(0.3f, shape.Rows * shape.Width)) };
    });
}
