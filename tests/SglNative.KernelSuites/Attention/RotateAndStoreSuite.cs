using SglNative.Core.Tensors;
using SglNative.OpsContract;

namespace SglNative.KernelSuites;

/// <summary>Queries, keys and values of a fused projection: rotated, cast, and stored in the paged cache. What is compared is the cache.</summary>
internal sealed class RotateAndStoreSuite : KernelSuite
{
    private const int Positions = 50, PageSize = 16;

    public override string Kernel => "rotary/rotate_and_store.cu";

    public override IEnumerable<KernelCase> Checks =>
        from dtype in Sweep.DTypes
        from interleaved in (bool[])[false, true]
        from shape in ((int Tokens, int QueryHeads, int KeyHeads, int Dim, int Rotated, bool IsLarge)[])
            [(0, 2, 1, 64, 64, false), (1, 4, 2, 64, 64, false), (5, 3, 3, 80, 32, false), (37, 8, 1, 128, 128, false), (3, 2, 2, 24, 10, false), (9, 2, 2, 64, 0, false), (40_001, 1, 1, 8, 8, true)]
        select new KernelCase($"float32 to {dtype} {shape.Tokens}x({shape.QueryHeads}+2x{shape.KeyHeads})x{shape.Dim}, {shape.Rotated} rotated{(interleaved ? ", interleaved" : "")}", bench =>
        {
            var (tokens, heads) = (shape.Tokens, shape.QueryHeads + 2 * shape.KeyHeads);
            var pages = tokens / PageSize + 3;
            var x = bench.Random(DType.Float32, tokens, heads * shape.Dim);
            var cosSin = bench.Random(DType.Float32, Positions, Math.Max(1, shape.Rotated));
            var cache = bench.Random(dtype, pages * 2 * shape.KeyHeads * PageSize, shape.Dim);
            var paged = cache.Tensor.View(pages, 2, shape.KeyHeads, PageSize, shape.Dim);
            var positions = Enumerable.Range(0, tokens).Select(t => (int)(t * 29L % Positions)).ToArray();
            // Every third token goes nowhere.
            var slots = Enumerable.Range(0, tokens).Select(t => t % 3 == 2 ? -1 : pages * PageSize - 1 - t).ToArray();
            var (devicePositions, deviceSlots) = (bench.Upload(positions), bench.Upload(slots));
            return new(() =>
            {
                bench.Ops.RotateAndStore(Heads(x.Tensor, 0, shape.QueryHeads, shape.Dim), Heads(x.Tensor, shape.QueryHeads, shape.KeyHeads, shape.Dim),
                    Heads(x.Tensor, shape.QueryHeads + shape.KeyHeads, shape.KeyHeads, shape.Dim), devicePositions,
                    shape.Rotated == 0 ? default : cosSin.Tensor, interleaved, paged, deviceSlots, dtype);
                return cache.Tensor;
            })
            {
                Expected = () =>
                {
                    var turned = Array.ConvertAll(x.Values, value => (double)value);
                    for (var t = 0; t < tokens; t++)
                        for (var h = 0; shape.Rotated > 0 && h < shape.QueryHeads + shape.KeyHeads; h++)
                            Reference.Rotate(turned.AsSpan((t * heads + h) * shape.Dim, shape.Dim), cosSin.Values.AsSpan(positions[t] * shape.Rotated, shape.Rotated), interleaved);
                    var stored = Array.ConvertAll(cache.Values, value => (double)value);
                    for (var t = 0; t < tokens; t++)
                        for (var row = 0; slots[t] >= 0 && row < 2 * shape.KeyHeads; row++)
                            turned.AsSpan((t * heads + shape.QueryHeads + row) * shape.Dim, shape.Dim)
                                .CopyTo(stored.AsSpan(((slots[t] / PageSize * 2 * shape.KeyHeads + row) * PageSize + slots[t] % PageSize) * shape.Dim));
                    return stored;
                },
                Tolerance = Sweep.Rounding(dtype),
            };
        }) { IsLarge = shape.IsLarge };

    public override IEnumerable<KernelCase> Speeds =>
        from tokens in (int[])[1, 64, 512, 8192]
        select new KernelCase($"float32 to bf16 {tokens}x(32+2x8)x128, pages of 64", bench =>
        {
            var x = bench.Filled(DType.Float32, tokens, 48 * 128);
            var cosSin = bench.Filled(DType.Float32, 8192, 128);
            var cache = bench.Filled(DType.BFloat16, tokens / 64 + 1, 2, 8, 64, 128);
            var (positions, slots) = (bench.Upload(Enumerable.Range(0, tokens).ToArray()), bench.Upload(Enumerable.Range(0, tokens).ToArray()));
            return new(() => bench.Ops.RotateAndStore(Heads(x, 0, 32, 128), Heads(x, 32, 8, 128), Heads(x, 40, 8, 128), positions, cosSin, interleaved: false, cache, slots, DType.BFloat16))
            {
                Bytes = DType.Float32.Bytes(tokens * (48L * 128 + 128)) + DType.BFloat16.Bytes(tokens * 48L * 128),
            };
        });

    private static Tensor Heads(in Tensor x, int first, int count, int dim) => x.Slice(1, (long)first * dim, (long)count * dim).View(x.Shape[0], count, dim);
}
