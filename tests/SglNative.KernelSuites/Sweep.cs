using SglNative.Core.Tensors;
using SglNative.OpsContract;

namespace SglNative.KernelSuites;

/// <summary>A shape of rows that kernels are checked with.</summary>
/// <param name="Rows">Number of rows.</param>
/// <param name="Width">Elements of a row.</param>
/// <param name="Gap">Elements between one row and the next.</param>
/// <param name="IsLarge">True for the shapes that fill a grid.</param>
public readonly record struct RowShape(int Rows, int Width, int Gap = 0, bool IsLarge = false)
{
    /// <inheritdoc/>
    public override string ToString() => $"{Rows}x{Width}{(Gap > 0 ? $"+{Gap}" : "")}";
}

/// <summary>What suites sweep over.</summary>
public static class Sweep
{
    /// <summary>Types of activations.</summary>
    public static IReadOnlyList<DType> DTypes { get; } = [DType.BFloat16, DType.Float16, DType.Float32];

    /// <summary>Types that meet in an operation: float32 between operations and the model's type, or the model's type throughout.</summary>
    public static IReadOnlyList<(DType X, DType Output)> Types { get; } = [.. DTypes.Select(dtype => (DType.Float32, dtype)), .. DTypes.Where(dtype => dtype != DType.Float32).Select(dtype => (dtype, dtype))];

    /// <summary>No rows; single elements; odd widths and gaps, which allow no vector loads; gaps that do; the most blocks and the widest rows.</summary>
    public static IReadOnlyList<RowShape> Rows { get; } =
    [
        new(0, 64), new(1, 1), new(1, 8), new(3, 100), new(7, 33), new(65, 64), new(5, 130, 3), new(9, 256, 8), new(2, 4096), new(33, 2880), new(1, 16384),
        new(2, 32000, IsLarge: true), new(1_000_003, 8, IsLarge: true), new(70_001, 24, 8, IsLarge: true),
    ];

    /// <summary>Shapes that are timed: one token, a decode batch, a chunk of a prefill.</summary>
    public static IReadOnlyList<RowShape> Timed { get; } = [new(1, 4096), new(64, 4096), new(512, 4096), new(8192, 4096)];

    /// <summary>The error of float32 arithmetic on some thousand terms and of one rounding to <paramref name="dtype"/>.</summary>
    public static double Rounding(DType dtype) => 1e-5 + 1.01 * Numbers.Roundoff(dtype);

    /// <summary>Bytes of <paramref name="count"/> elements.</summary>
    public static long Bytes(this DType dtype, long count) => count * dtype.Size();

    /// <summary>Numbers as the type holds them, in double precision.</summary>
    public static double[] Exactly(DType dtype, IEnumerable<float> values) => Array.ConvertAll(Numbers.Rounded([.. values], dtype), value => (double)value);
}
