using System.Buffers.Binary;
using SglNative.Core;

namespace SglNative.Tokenizers.SentencePieces;

/// <summary>Reads protobuf's wire format field by field: enough of it for SentencePiece's model files.</summary>
internal ref struct ProtobufReader(ReadOnlySpan<byte> message)
{
    private const int MaxVarintBytes = 10;
    private ReadOnlySpan<byte> _rest = message;
    private int _wireType;

    /// <summary>The number of the field just read.</summary>
    public int Field { get; private set; }

    /// <summary>The value of a numeric field: its bits.</summary>
    public ulong Number { get; private set; }

    /// <summary>The content of a field that has a length: text, bytes or a message.</summary>
    public ReadOnlySpan<byte> Bytes { get; private set; }

    public readonly float Single => BitConverter.UInt32BitsToSingle((uint)Number);

    public readonly bool Flag => Number != 0;

    /// <summary>Reads the next field; false at the end.</summary>
    /// <exception cref="SglException">The message is cut off or malformed.</exception>
    public bool Next()
    {
        if (_rest.IsEmpty) return false;
        var key = Varint();
        (Field, _wireType) = (checked((int)Math.Min(key >> 3, int.MaxValue)), (int)(key & 7));
        Number = 0;
        Bytes = default;
        switch (_wireType)
        {
            case 0: Number = Varint(); break;
            case 1: Number = BinaryPrimitives.ReadUInt64LittleEndian(Take(8)); break;
            case 2: Bytes = Take(Varint()); break;
            case 5: Number = BinaryPrimitives.ReadUInt32LittleEndian(Take(4)); break;
            default: throw new SglException($"malformed protobuf: field {Field} has the wire type {_wireType}");
        }
        return Field > 0 ? true : throw new SglException("malformed protobuf: a field has the number 0");
    }

    /// <summary>Insists on a field that has a length.</summary>
    public readonly ReadOnlySpan<byte> Message() =>
        _wireType == 2 ? Bytes : throw new SglException($"malformed protobuf: field {Field} should be a message or a text");

    private ulong Varint()
    {
        ulong value = 0;
        for (var i = 0; i < MaxVarintBytes; i++)
        {
            var b = Take(1)[0];
            value |= (ulong)(b & 0x7f) << (7 * i);
            if (b < 0x80) return value;
        }
        throw new SglException("malformed protobuf: a number of more than 10 bytes");
    }

    private ReadOnlySpan<byte> Take(ulong count)
    {
        if (count > (ulong)_rest.Length) throw new SglException($"the file is cut off, or no SentencePiece model: {count} bytes should follow, but {_rest.Length} do");
        var taken = _rest[..(int)count];
        _rest = _rest[(int)count..];
        return taken;
    }
}
