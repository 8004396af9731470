using System.Buffers.Binary;
using System.Text;

namespace SglNative.Interop.Kernels;

/// <summary>
/// Reads resource usage from a cubin: an ELF file whose <c>.nv.info</c> sections list attributes as (format, number, size, value).
/// </summary>
public static class CubinReader
{
    private const int SectionHeaderSize = 64, SymbolSize = 24, SystemSharedMemory = 1024;
    private const uint SymbolTable = 2;
    // Attribute numbers and the one format of those that are read here (a sized value); see `cuobjdump -elf`.
    private const byte SizedValue = 4, NoValue = 1, ByteValue = 2, HalfValue = 3;
    private const byte FrameSize = 0x11, ParameterInfo = 0x17, RegisterCount = 0x2f;

    /// <summary>Resources of each kernel by its symbol.</summary>
    /// <exception cref="InvalidDataException">The bytes are not a cubin.</exception>
    public static IReadOnlyDictionary<string, KernelResources> Read(ReadOnlySpan<byte> cubin)
    {
        try
        {
            return Parse(cubin);
        }
        catch (Exception e) when (e is ArgumentOutOfRangeException or OverflowException)
        {
            throw new InvalidDataException("the cubin is truncated or damaged", e);
        }
    }

    /// <summary>The machine code of the kernel <paramref name="symbol"/>.</summary>
    /// <exception cref="InvalidDataException">The bytes are not a cubin, or it has no such kernel.</exception>
    public static ReadOnlySpan<byte> ReadCode(ReadOnlySpan<byte> cubin, string symbol)
    {
        foreach (var section in ReadSections(cubin))
            if (section.Name == ".text." + symbol) return cubin.Slice(section.Offset, section.Size);
        throw new InvalidDataException($"the cubin has no kernel {symbol}");
    }

    private static Dictionary<string, KernelResources> Parse(ReadOnlySpan<byte> cubin)
    {
        if (cubin.Length < 64 || !cubin.StartsWith("\u007fELF"u8) || cubin[4] != 2)
            throw new InvalidDataException("not a cubin: no 64-bit ELF header");
        var sections = ReadSections(cubin);
        var symbols = ReadSymbols(cubin, sections);
        var registers = new Dictionary<string, int>(StringComparer.Ordinal);
        var frames = new Dictionary<string, int>(StringComparer.Ordinal);
        foreach (var section in sections.Where(s => s.Name == ".nv.info"))
            ReadTotals(cubin.Slice(section.Offset, section.Size), symbols, registers, frames);

        // From 9.0 on the section begins with what the system itself needs of shared memory, which ptxas and the driver do not count.
        var reserved = Capability(cubin) >= 90 ? SystemSharedMemory : 0;
        const string text = ".text.";
        var kernels = new Dictionary<string, KernelResources>(StringComparer.Ordinal);
        foreach (var section in sections)
        {
            if (!section.Name.StartsWith(text, StringComparison.Ordinal)) continue;
            var kernel = section.Name[text.Length..];
            var info = sections.FirstOrDefault(s => s.Name == ".nv.info." + kernel);
            // Device functions that were not inlined have code but no parameters in constant memory, hence no section of this name.
            if (info is null) continue;
            var shared = sections.FirstOrDefault(s => s.Name == ".nv.shared." + kernel)?.Size ?? 0;
            kernels[kernel] = new KernelResources(
                registers.GetValueOrDefault(kernel), Math.Max(0, shared - reserved), frames.GetValueOrDefault(kernel),
                ReadParameters(cubin.Slice(info.Offset, info.Size)));
        }
        return kernels;
    }

    // The flags' lowest byte up to CUDA 12 (ELF ABI 7), the one above it since.
    private static int Capability(ReadOnlySpan<byte> elf) => elf[8] >= 8 ? elf[49] : elf[48];

    private static List<Section> ReadSections(ReadOnlySpan<byte> elf)
    {
        var table = checked((int)BinaryPrimitives.ReadUInt64LittleEndian(elf[40..]));
        var count = BinaryPrimitives.ReadUInt16LittleEndian(elf[60..]);
        var names = BinaryPrimitives.ReadUInt16LittleEndian(elf[62..]);
        var raw = new List<(int Name, Section Section)>(count);
        for (var i = 0; i < count; i++)
        {
            var header = elf.Slice(table + i * SectionHeaderSize, SectionHeaderSize);
            raw.Add((BinaryPrimitives.ReadInt32LittleEndian(header), new Section(
                "", BinaryPrimitives.ReadUInt32LittleEndian(header[4..]),
                checked((int)BinaryPrimitives.ReadUInt64LittleEndian(header[24..])),
                checked((int)BinaryPrimitives.ReadUInt64LittleEndian(header[32..])))));
        }
        var strings = raw[names].Section;
        return [.. Named(elf, raw, strings)];
    }

    private static List<Section> Named(ReadOnlySpan<byte> elf, List<(int Name, Section Section)> raw, Section strings)
    {
        var named = new List<Section>(raw.Count);
        foreach (var (name, section) in raw) named.Add(section with { Name = ReadString(elf[(strings.Offset + name)..]) });
        return named;
    }

    private static string[] ReadSymbols(ReadOnlySpan<byte> elf, List<Section> sections)
    {
        var table = sections.FirstOrDefault(s => s.Type == SymbolTable);
        var strings = sections.FirstOrDefault(s => s.Name == ".strtab");
        if (table is null || strings is null) return [];
        var symbols = new string[table.Size / SymbolSize];
        for (var i = 0; i < symbols.Length; i++)
            symbols[i] = ReadString(elf[(strings.Offset + BinaryPrimitives.ReadInt32LittleEndian(elf[(table.Offset + i * SymbolSize)..]))..]);
        return symbols;
    }

    private static void ReadTotals(
        ReadOnlySpan<byte> info, string[] symbols, Dictionary<string, int> registers, Dictionary<string, int> frames)
    {
        while (TryReadAttribute(ref info, out var attribute, out var value))
        {
            if (attribute is not (RegisterCount or FrameSize) || value.Length < 8) continue;
            var symbol = BinaryPrimitives.ReadInt32LittleEndian(value);
            if ((uint)symbol >= (uint)symbols.Length) continue;
            (attribute == RegisterCount ? registers : frames)[symbols[symbol]] = BinaryPrimitives.ReadInt32LittleEndian(value[4..]);
        }
    }

    private static int[] ReadParameters(ReadOnlySpan<byte> info)
    {
        var sizes = new SortedDictionary<int, int>();
        while (TryReadAttribute(ref info, out var attribute, out var value))
        {
            if (attribute != ParameterInfo || value.Length < 12) continue;
            var ordinal = BinaryPrimitives.ReadUInt16LittleEndian(value[4..]);
            // Bits 18 and up: the size; below it the bank and the alignment.
            sizes[ordinal] = (int)(BinaryPrimitives.ReadUInt32LittleEndian(value[8..]) >> 18);
        }
        return [.. sizes.Values];
    }

    private static bool TryReadAttribute(ref ReadOnlySpan<byte> info, out byte attribute, out ReadOnlySpan<byte> value)
    {
        attribute = 0;
        value = default;
        if (info.Length < 4) return false;
        attribute = info[1];
        switch (info[0])
        {
            case SizedValue:
                var size = BinaryPrimitives.ReadUInt16LittleEndian(info[2..]);
                value = info.Slice(4, size);
                info = info[(4 + size)..];
                return true;
            case NoValue or ByteValue or HalfValue:
                info = info[4..];
                return true;
            default:
                return false;
        }
    }

    private static string ReadString(ReadOnlySpan<byte> bytes) => Encoding.UTF8.GetString(bytes[..bytes.IndexOf((byte)0)]);

    private sealed record Section(string Name, uint Type, int Offset, int Size);
}
