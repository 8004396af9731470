using SglNative.Core.Tensors;

namespace SglNative.Core.Checkpoints;

/// <summary>
/// One stored tensor: row-major, little-endian, read straight from the mapped file. Valid until the <see cref="SafetensorsFile"/>
/// or <see cref="Checkpoint"/> it came from is disposed. Safe for concurrent reading. The address may be less aligned than the type.
/// </summary>
public sealed unsafe class CheckpointTensor
{
    private readonly MappedFile _mapping;
    private readonly long _offset;

    internal CheckpointTensor(SafetensorsEntry entry, MappedFile mapping, long dataOffset, string file)
    {
        (Name, DType, Shape, ByteCount, File) = (entry.Name, entry.DType, entry.Shape, entry.End - entry.Begin, file);
        (_mapping, _offset) = (mapping, dataOffset + entry.Begin);
    }

    /// <summary>The name in the file, such as <c>model.layers.0.mlp.up_proj.weight</c>.</summary>
    public string Name { get; }

    /// <summary>Element type as stored.</summary>
    public DType DType { get; }

    /// <summary>Dimensions, outermost first.</summary>
    public Shape Shape { get; }

    /// <summary>Path of the file that holds it, for messages.</summary>
    public string File { get; }

    /// <summary>Bytes of all elements; may exceed 2 GiB.</summary>
    public long ByteCount { get; }

    /// <summary>Address of the first byte.</summary>
    /// <exception cref="ObjectDisposedException">The file was closed.</exception>
    public nint Pointer => _mapping.Address + (nint)_offset;

    /// <summary>All bytes, of a tensor below 2 GiB; see <see cref="Slice"/> for larger ones.</summary>
    /// <exception cref="InvalidOperationException">The tensor is larger than a span can be.</exception>
    /// <exception cref="ObjectDisposedException">The file was closed.</exception>
    public ReadOnlySpan<byte> Bytes => ByteCount <= int.MaxValue
        ? new ReadOnlySpan<byte>((byte*)Pointer, (int)ByteCount)
        : throw new InvalidOperationException($"tensor '{Name}' has {ByteCount} bytes: read it in slices");

    /// <summary>The bytes [<paramref name="start"/>, start + <paramref name="length"/>).</summary>
    /// <exception cref="ArgumentOutOfRangeException">The range leaves the tensor.</exception>
    /// <exception cref="ObjectDisposedException">The file was closed.</exception>
    public ReadOnlySpan<byte> Slice(long start, int length)
    {
        if (start < 0 || length < 0 || start > ByteCount - length)
            throw new ArgumentOutOfRangeException(nameof(start), $"bytes {start}+{length} of tensor '{Name}' with {ByteCount}");
        return new ReadOnlySpan<byte>((byte*)Pointer + start, length);
    }

    /// <summary>A handle to the mapped elements: host memory, read-only, valid as long as this is.</summary>
    public Tensor AsTensor() => new(Pointer, DType, Shape);

    /// <summary>As written in messages: <c>model.norm.weight bfloat16[4096]</c>.</summary>
    public override string ToString() => $"{Name} {DType.TorchName()}{Shape}";
}
