namespace SglNative.Cpu.Threading;

/// <summary>Rows cut into runs that are long enough to be worth handing to a thread.</summary>
internal struct RowSplit
{
    private const int ElementsPerChunk = 16384;

    private int _rows;
    private int _rowsPerChunk;

    /// <summary>Cuts <paramref name="rows"/> rows of about that many elements and returns the number of chunks.</summary>
    public int Cut(int rows, long elementsPerRow)
    {
        _rows = rows;
        _rowsPerChunk = (int)Math.Clamp(ElementsPerChunk / Math.Max(1, elementsPerRow), 1, Math.Max(1, rows));
        return (rows + _rowsPerChunk - 1) / _rowsPerChunk;
    }

    /// <summary>The first row of a chunk.</summary>
    public readonly int First(int chunk) => chunk * _rowsPerChunk;

    /// <summary>One past the last row of a chunk.</summary>
    public readonly int End(int chunk) => Math.Min(_rows, (chunk + 1) * _rowsPerChunk);
}
