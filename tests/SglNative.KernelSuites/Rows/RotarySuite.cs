using SglNative.Core.Tensors;
using SglNative.OpsContract;

namespace SglNative.KernelSuites;

/// <summary>Rotary embedding of the heads of a fused projection, in place.</summary>
internal sealed class RotarySuite : KernelSuite
{
    private const int Positions = 50;

    public override string Kernel => "rotary/rotary.cu";

    public override IEnumerable<KernelCase> Checks =>
        from dtype in Sweep.DTypes
        from interleaved in (bool[])[false, true]
        from shape in ((int Tokens, int QueryHeads, int KeyHeads, int Dim, int Rotated, bool IsLarge)[])
            [(0, 2, 1, 64, 64, false), (1, 4, 2, 64, 64, false), (5, 3, 3, 80, 32, false), (37, 8, 1, 128, 128, false), (3, 2, 2, 8, 6, false), (100_003, 1, 1, 8, 8, true)]
        select new KernelCase($"{dtype} {shape.Tokens}x({shape.QueryHeads}+{shape.KeyHeads})x{shape.Dim}, {shape.Rotated} rotated{(interleaved ? ", interleaved" : "")}", bench =>
        {
            var heads = shape.QueryHeads + shape.KeyHeads;
            var x = bench.Random(dtype, shape.Tokens, heads * shape.Dim);
            var cosSin = bench.Random(DType.Float32, Positions, shape.Rotated);
            var positions = Enumerable.Range(0, shape.Tokens).Select(t => (int)(t * 29L % Positions)).ToArray();
            var devicePositions = bench.Upload(positions);
            return new(() =>
            {
                bench.Ops.RotaryEmbedding(
                    x.Tensor.Slice(1, 0, shape.QueryHeads * shape.Dim).View(shape.Tokens, shape.QueryHeads, shape.Dim),
                    x.Tensor.Slice(1, shape.QueryHeads * shape.Dim, shape.KeyHeads * shape.Dim).View(shape.Tokens, shape.KeyHeads, shape.Dim),
                    devicePositions, cosSin.Tensor, interleaved);
                return x.Tensor;
            })
            {
                Expected = () =>
                {
                    var turned = Array.ConvertAll(x.Values, value => (double)value);
                    for (var row = 0; row < shape.Tokens * heads; row++)
                        Reference.Rotate(turned.AsSpan(row * shape.Dim, shape.Dim), cosSin.Values.AsSpan(positions[row / heads] * shape.Rotated, shape.Rotated), interleaved);
                    return turned;
                },
                Tolerance = Sweep.Rounding(dtype),
            };
        }) { IsLarge = shape.IsLarge };

    public override IEnumerable<KernelCase> Speeds =>
        from tokens in (int[])[1, 64, 512, 8192]
        select new KernelCase($"float32 {tokens}x(32+8)x128", bench =>
        {
            var x = bench.Filled(DType.Float32, tokens, 48 * 128);
            var cosSin = bench.Filled(DType.Float32, 8192, 128);
            var positions = bench.Upload(Enumerable.Range(0, tokens).ToArray());
            return new(() =>
            {
                bench.Ops.RotaryEmbedding(x.Slice(1, 0, 32 * 128).View(tokens, 32, 128), x.Slice(1, 32 * 128, 8 * 128).View(tokens, 8, 128), positions, cosSin);
                return x;
            }) { Bytes = 2 * DType.Float32.Bytes(tokens * 40L * 128) + DType.Float32.Bytes(tokens * 128L) };
        });
}
