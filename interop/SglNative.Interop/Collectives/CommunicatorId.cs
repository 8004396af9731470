using System.Runtime.CompilerServices;

namespace SglNative.Interop.Collectives;

/// <summary>Names a group of devices; 128 bytes that one rank makes and hands to the others.</summary>
[InlineArray(Size)]
public struct CommunicatorId
{
    /// <summary>Bytes.</summary>
    public const int Size = 128;

    private byte _first;
}
