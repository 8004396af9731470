namespace SglNative.Interop;

/// <summary>Extent of a grid, block or cluster.</summary>
/// <param name="X">Innermost dimension.</param>
/// <param name="Y">Middle dimension.</param>
/// <param name="Z">Outermost dimension.</param>
public readonly record struct Dim3(int X, int Y = 1, int Z = 1)
{
    /// <summary>Number of elements.</summary>
    public long Count => (long)X * Y * Z;

    /// <summary>A one-dimensional extent.</summary>
    public static implicit operator Dim3(int x) => new(x);

    /// <summary>A two-dimensional extent.</summary>
    public static implicit operator Dim3((int X, int Y) d) => new(d.X, d.Y);

    /// <summary>A three-dimensional extent.</summary>
    public static implicit operator Dim3((int X, int Y, int Z) d) => new(d.X, d.Y, d.Z);

    /// <summary>A one-dimensional extent.</summary>
    public static Dim3 FromInt32(int x) => new(x);

    /// <summary>As written in messages: <c>(32, 1, 1)</c>.</summary>
    public override string ToString() => $"({X}, {Y}, {Z})";
}
