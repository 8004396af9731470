using SglNative.Core.Tensors;

namespace SglNative.KernelSuites;

/// <summary>Latent rows of a step into the paged cache.</summary>
internal sealed class StoreLatentSuite : KernelSuite
{
    public override string Kernel => "caching/store_latent.cu";

    public override IEnumerable<KernelCase> Checks =>
        from types in Sweep.Types
        from pageSize in (int[])[1, 16, 64]
        from shape in (RowShape[])[new(0, 8), new(1, 8), new(9, 40, 16), new(17, 576), new(5, 33, 3), new(40_001, 8, IsLarge: true)]
        select new KernelCase($"{types.X} to {types.Output} {shape}, pages of {pageSize}", bench =>
        {
            var pages = shape.Rows / pageSize + 3;
            var x = bench.Random(types.X, shape.Rows, shape.Width, shape.Gap);
            var cache = bench.Random(types.Output, pages * pageSize, shape.Width);
            // Every third token goes nowhere.
            var slots = Enumerable.Range(0, shape.Rows).Select(t => t % 3 == 2 ? -1 : pages * pageSize - 1 - t).ToArray();
            var deviceSlots = bench.Upload(slots);
            return new(() =>
            {
                bench.Ops.StoreLatent(x.Tensor, cache.Tensor.View(pages, pageSize, shape.Width), deviceSlots);
                return cache.Tensor;
            })
            {
                Expected = () =>
                {
                    var expected = Array.ConvertAll(cache.Values, value => (double)value);
                    var rounded = Sweep.Exactly(types.Output, x.Values);
                    for (var t = 0; t < slots.Length; t++)
                        if (slots[t] >= 0) rounded.AsSpan(t * shape.Width, shape.Width).CopyTo(expected.AsSpan(slots[t] * shape.Width));
                    return expected;
                },
            };
        }) { IsLarge = shape.IsLarge };

    public override IEnumerable<KernelCase> Speeds =>
        from tokens in (int[])[1, 64, 512, 8192]
        select new KernelCase($"float32 to bf16 {tokens}x576, pages of 64", bench =>
        {
            var x = bench.Filled(DType.Float32, tokens, 576);
            var cache = bench.Filled(DType.BFloat16, tokens / 64 + 1, 64, 576);
            var slots = bench.Upload(Enumerable.Range(0, tokens).ToArray());
            return new(() =>
            {
                bench.Ops.StoreLatent(x, cache, slots);
                return cache;
            }) { Bytes = DType.Float32.Bytes(tokens * 576L) + DType.BFloat16.Bytes(tokens * 576L) };
        });
}
