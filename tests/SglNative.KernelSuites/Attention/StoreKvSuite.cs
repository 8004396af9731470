using SglNative.Core.Tensors;

namespace SglNative.KernelSuites;

/// <summary>Keys and values of a step into the paged cache.</summary>
internal sealed class StoreKvSuite : KernelSuite
{
    public override string Kernel => "caching/store_kv.cu";

    public override IEnumerable<KernelCase> Checks =>
        from types in Sweep.Types
        from pageSize in (int[])[1, 16, 64]
        from shape in ((int Tokens, int Heads, int Dim, bool IsLarge)[])[(0, 1, 8, false), (1, 1, 8, false), (9, 2, 24, false), (17, 3, 33, false), (40_001, 1, 8, true)]
        select new KernelCase($"{types.X} to {types.Output} {shape.Tokens}x{shape.Heads}x{shape.Dim}, pages of {pageSize}", bench =>
        {
            var (tokens, heads, dim, width) = (shape.Tokens, shape.Heads, shape.Dim, shape.Heads * shape.Dim);
            var pages = tokens / pageSize + 3;
            var x = bench.Random(types.X, tokens, 2 * width);
            var cache = bench.Random(types.Output, pages * 2 * heads * pageSize, dim);
            var paged = cache.Tensor.View(pages, 2, heads, pageSize, dim);
            // Every third token goes nowhere.
            var slots = Enumerable.Range(0, tokens).Select(t => t % 3 == 2 ? -1 : pages * pageSize - 1 - t).ToArray();
            var deviceSlots = bench.Upload(slots);
            return new(() =>
            {
                bench.Ops.StoreKv(x.Tensor.Slice(1, 0, width).View(tokens, heads, dim), x.Tensor.Slice(1, width, width).View(tokens, heads, dim), paged, deviceSlots);
                return cache.Tensor;
            })
            {
                Expected = () =>
                {
                    var expected = Array.ConvertAll(cache.Values, value => (double)value);
                    var rounded = Sweep.Exactly(types.Output, x.Values);
                    for (var t = 0; t < tokens; t++)
                        for (var row = 0; slots[t] >= 0 && row < 2 * heads; row++)
                            for (var d = 0; d < dim; d++)
                                expected[((slots[t] / pageSize * 2 * heads + row) * pageSize + slots[t] % pageSize) * dim + d] = rounded[t * 2 * width + row * dim + d];
                    return expected;
                },
            };
        }) { IsLarge = shape.IsLarge };

    public override IEnumerable<KernelCase> Speeds =>
        from tokens in (int[])[1, 64, 512, 8192]
        select new KernelCase($"float32 to bf16 {tokens}x8x128, pages of 64", bench =>
        {
            var kv = bench.Filled(DType.Float32, tokens, 48 * 128);
            var cache = bench.Filled(DType.BFloat16, tokens / 64 + 1, 2, 8, 64, 128);
            var slots = bench.Upload(Enumerable.Range(0, tokens).ToArray());
            return new(() =>
            {
                bench.Ops.StoreKv(kv.Slice(1, 32 * 128, 8 * 128).View(tokens, 8, 128), kv.Slice(1, 40 * 128, 8 * 128).View(tokens, 8, 128), cache, slots);
                return cache;
            }) { Bytes = 2 * (DType.Float32.Bytes(tokens * 8L * 128) + DType.BFloat16.Bytes(tokens * 8L * 128)) };
        });
}
