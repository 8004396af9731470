using SglNative.Core.Tensors;
using SglNative.Cuda.Catalog;
using SglNative.Cuda.Kernels;
using SglNative.Interop;

namespace SglNative.Cuda.Recurrent;

/// <summary>
/// Launches kernels/recurrent/delta_chunks.cu and delta_scan.cu: the gated delta rule by chunks of 64 tokens, on tensor cores. Long
/// prompts are worked through in windows of chunks, so that what lies between the two kernels stays bounded.
/// </summary>
internal sealed class ChunkedDeltaRule(KernelContext context)
{
    /// <summary>Shorter sequences are left to the kernel that goes token by token.</summary>
    public const int Shortest = 32;

    private const int Chunk = 64, Threads = 128, LargestDim = 128;
    private const long WorkspaceBytes = 256 << 20;

    private readonly KernelFamily<Key> _chunks = new(context.Loader, ChunksName, key => ChunksSharedMemory(key.KeyDim, key.ValueDim));
    private readonly KernelFamily<Key> _scan = new(context.Loader, ScanName, key => ScanSharedMemory(key.KeyDim, key.Columns, key.Stages));

    public static KernelName ChunksName(Key key) =>
        new("recurrent/delta_chunks.cu", $"sgl::delta_chunks<{key.In.Cpp()}, {key.DType.Cpp()}, {key.KeyDim}, {key.ValueDim}>");

    public static KernelName ScanName(Key key) =>
        new("recurrent/delta_scan.cu", $"sgl::delta_scan<{key.DType.Cpp()}, {key.Output.Cpp()}, {key.KeyDim}, {key.ValueDim}, {key.Columns}, {key.Stages}>");

    /// <summary>The kernels of the catalogue.</summary>
    public static IEnumerable<KernelName> Instantiations(KernelRange range) =>
        from device in range.Devices
        from dtype in range.DTypes
        from rule in range.DeltaRules
        let key = KeyFor(KernelRange.Between, dtype, KernelRange.Between, rule.KeyDim, rule.ValueDim, device)
        where key is not null
        from name in (KernelName[])[ChunksName(key.Value), ScanName(key.Value)]
        select name;

    /// <summary>The instantiation, or null where tensor cores cannot be used.</summary>
    public static Key? KeyFor(DType input, DType dtype, DType output, int keyDim, int valueDim, DeviceCapabilities device)
    {
        const int reserved = 1024;
        if (dtype is not (DType.BFloat16 or DType.Float16) || keyDim % 16 != 0 || valueDim % 16 != 0 || keyDim > LargestDim || valueDim > LargestDim) return null;
        var columns = valueDim % 32 == 0 ? 32 : 16;
        var stages = ScanSharedMemory(keyDim, columns, 2) + reserved <= device.SharedMemoryPerBlockOptIn ? 2 : 1;
        var fits = Math.Max(ChunksSharedMemory(keyDim, valueDim), ScanSharedMemory(keyDim, columns, stages)) + reserved <= device.SharedMemoryPerBlockOptIn;
        return fits ? new Key(input, dtype, output, keyDim, valueDim, columns, stages) : null;
    }

    /// <summary>Computes the sequences of at least <see cref="Shortest"/> tokens.</summary>
    public void Run(Key key, int tokens, int maxQueryLength, DeltaRuleArguments arguments)
    {
        arguments.Shortest = Shortest;
        var most = (maxQueryLength + Chunk - 1) / Chunk;
        var recordBytes = (long)RecordSize(key.KeyDim, key.ValueDim) * sizeof(ushort) * arguments.ValueHeads;
        arguments.Chunks = (int)Math.Clamp(Tiles(most) * recordBytes <= WorkspaceBytes ? most : WorkspaceBytes / recordBytes / arguments.Sequences, 1, most);
        arguments.Workspace = context.Workspace.Require(Tiles(arguments.Chunks) * recordBytes);
        for (arguments.FirstChunk = 0; arguments.FirstChunk < most; arguments.FirstChunk += arguments.Chunks)
        {
            context.Launch(_chunks[key], new Dim3(arguments.ValueHeads, checked((int)Tiles(arguments.Chunks))), Threads, arguments, ChunksSharedMemory(key.KeyDim, key.ValueDim));
            context.Launch(_scan[key], new Dim3(key.ValueDim / key.Columns, arguments.ValueHeads, arguments.Sequences), Threads, arguments,
                ScanSharedMemory(key.KeyDim, key.Columns, key.Stages));
        }

        // An upper bound of the chunks that all sequences have in a window of so many each.
        long Tiles(int window) => Math.Min((long)arguments.Sequences * window, (long)tokens / Chunk + arguments.Sequences);
    }

    /// <summary>Elements of a chunk's record; <c>ChunkRecord::size</c>.</summary>
    private static int RecordSize(int keyDim, int valueDim) => Chunk * (3 * keyDim + Chunk + valueDim) + 8;

    private static int ChunksSharedMemory(int keyDim, int valueDim) =>
        Chunk * (2 * (keyDim + 8) + valueDim + 8 + 2 * (Chunk + 8)) * sizeof(ushort) + Chunk * (Chunk + 1) * sizeof(float);

    private static int ScanSharedMemory(int keyDim, int columns, int stages)
    {
        var stage = 2 * Chunk * (keyDim + 8) + keyDim * (Chunk + 8) + Chunk * (Chunk + 8) + Chunk * (columns + 8);
        return (stages * stage + (keyDim + Chunk) * (columns + 8)) * sizeof(ushort);
    }

    /// <summary>Template parameters.</summary>
    public readonly record struct Key(DType In, DType DType, DType Output, int KeyDim, int ValueDim, int Columns, int Stages);
}
