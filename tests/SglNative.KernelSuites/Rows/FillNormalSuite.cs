using SglNative.Core.Tensors;
using SglNative.Models.Backends;

namespace SglNative.KernelSuites;

/// <summary>Normally distributed numbers from a seed.</summary>
internal sealed class FillNormalSuite : KernelSuite
{
    private const float Deviation = 0.02f;

    public override string Kernel => "random/fill_normal.cu";

    public override IEnumerable<KernelCase> Checks =>
        from dtype in Sweep.DTypes
        from count in (int[])[0, 1, 2, 5, 4096, 200_001, 3_000_001]
        select new KernelCase($"{dtype} {count}", bench =>
        {
            var tensor = bench.Allocate(dtype, count);
            return new(() =>
            {
                bench.Backend.FillNormal(tensor, Deviation, 42);
                return tensor;
            })
            {
                Expected = () => [.. Enumerable.Range(0, count).Select(i =>
                {
                    var (first, second) = Backend.NormalPair(42, i / 2);
                    return (double)Deviation * (i % 2 == 0 ? first : second);
                })],
                Tolerance = 2e-6 + Sweep.Rounding(dtype),
            };
        }) { IsLarge = count > 1_000_000 };

    public override IEnumerable<KernelCase> Speeds =>
    [
        new("bf16 134217728", bench =>
        {
            var tensor = bench.Allocate(DType.BFloat16, 1 << 27);
            return new(() =>
            {
                bench.Backend.FillNormal(tensor, Deviation, 42);
                return tensor;
            }) { Bytes = DType.BFloat16.Bytes(1 << 27) };
        }),
    ];
}
