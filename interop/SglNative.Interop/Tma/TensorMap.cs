using System.Runtime.InteropServices;

namespace SglNative.Interop.Tma;

/// <summary>
/// An encoded descriptor for the tensor memory accelerator, to be part of a kernel's argument record. The device wants it at a
/// multiple of 64 bytes: put it first in the record, or pad; the record's size must then be a multiple of 64 too.
/// </summary>
[StructLayout(LayoutKind.Sequential, Size = Size)]
public struct TensorMap
{
    /// <summary>Bytes.</summary>
    public const int Size = 128;

    /// <summary>Needed alignment in bytes.</summary>
    public const int Alignment = 64;

    private ulong _first;
}
