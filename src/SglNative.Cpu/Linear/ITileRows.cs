namespace SglNative.Cpu.Linear;

/// <summary>The number of rows of x in a tile, as a type, so that each number has machine code of its own.</summary>
internal interface ITileRows
{
    static abstract int Count { get; }
}

internal readonly struct OneRow : ITileRows
{
    public static int Count => 1;
}

internal readonly struct TwoRows : ITileRows
{
    public static int Count => 2;
}

internal readonly struct FourRows : ITileRows
{
    public static int Count => 4;
}

internal readonly struct SixRows : ITileRows
{
    public static int Count => 6;
}
