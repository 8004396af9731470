using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using SglNative.Core.Tensors;
using SglNative.Interop.Tma;

namespace SglNative.Interop.Emulated;

/// <summary>The emulated device's encoding of a <see cref="TensorMap"/>; <c>TensorMap</c> of kernels/host/runtime/hopper.cpp.</summary>
[StructLayout(LayoutKind.Sequential, Size = TensorMap.Size)]
internal unsafe struct EmulatedTensorMap
{
    private const ulong Mark = 0x70616d726f736e74;
    private const int MaxRank = 5, MaxBox = 256, Alignment = 16;

    private ulong _mark;
    private nint _address;
    private fixed uint _sizes[MaxRank];
    private uint _flags;                            // element bytes, rank, swizzle, kind of fill: a byte each
    private fixed ulong _strides[MaxRank - 1];
    private fixed ushort _box[MaxRank];
    private fixed byte _elementStrides[MaxRank];

    /// <summary>Encodes, and refuses what cuTensorMapEncodeTiled would refuse.</summary>
    public static TensorMap Encode(in TensorMapDescription d)
    {
        var rank = d.Sizes.Length;
        if (rank is < 1 or > MaxRank || d.Strides.Length != rank - 1 || d.Box.Length != rank || (d.ElementStrides.Length != rank && !d.ElementStrides.IsEmpty))
            throw new ArgumentException(
                $"a tensor map of {rank} dimensions needs {rank - 1} strides and {rank} box sizes, not {d.Strides.Length} and {d.Box.Length}", nameof(d));
        var element = d.Type.Size();
        Refuse(d.Address == 0 || d.Address % Alignment != 0, $"the address 0x{d.Address:x} is not a multiple of {Alignment}");
        var map = default(EmulatedTensorMap);
        map._mark = Mark;
        map._address = d.Address;
        for (var i = 0; i < rank; i++)
        {
            Refuse(d.Sizes[i] is 0 or > uint.MaxValue, $"dimension {i} has {d.Sizes[i]} elements");
            Refuse(d.Box[i] is 0 or > MaxBox, $"the box has {d.Box[i]} elements in dimension {i}, of which 1 to {MaxBox} can be");
            if (i > 0) Refuse(d.Strides[i - 1] % Alignment != 0 || d.Strides[i - 1] >= 1ul << 40, $"stride {i} is {d.Strides[i - 1]} bytes, no multiple of {Alignment}");
            var step = d.ElementStrides.IsEmpty ? 1 : d.ElementStrides[i];
            Refuse(step is 0 or > 8, $"element stride {i} is {step}, of which 1 to 8 can be");
            map._sizes[i] = (uint)d.Sizes[i];
            map._box[i] = (ushort)d.Box[i];
            map._elementStrides[i] = (byte)step;
            if (i > 0) map._strides[i - 1] = d.Strides[i - 1];
        }
        var row = d.Box[0] * element;
        Refuse(row % Alignment != 0, $"a row of the box has {row} bytes, no multiple of {Alignment}");
        var widest = d.Swizzle switch { TensorMapSwizzle.Bytes32 => 32, TensorMapSwizzle.Bytes64 => 64, TensorMapSwizzle.Bytes128 => 128, _ => int.MaxValue };
        Refuse(row > widest, $"a row of the box has {row} bytes, more than the {widest} of the swizzle");
        var isFloat = d.Type is DType.Float16 or DType.BFloat16 or DType.Float32 or DType.Float64;
        Refuse(d.FillWithNaN && !isFloat, $"{d.Type.TorchName()} has no NaN to fill with");
        map._flags = (uint)element | (uint)rank << 8 | (uint)d.Swizzle << 16 | (d.FillWithNaN ? 1u << 24 : 0);
        return Unsafe.As<EmulatedTensorMap, TensorMap>(ref map);
    }

    private static void Refuse(bool condition, string why)
    {
        if (condition) throw new DeviceException($"tensor map refused: {why}");
    }
}
