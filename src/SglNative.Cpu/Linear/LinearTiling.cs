using System.Runtime.CompilerServices;
using SglNative.Cpu.Simd;

namespace SglNative.Cpu.Linear;

/// <summary>How rows are cut into tiles.</summary>
internal static class LinearTiling
{
    /// <summary>Rows of the largest tile for what is left of them.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int Rows<TSimd, TVector>(int left)
        where TSimd : struct, ISimd<TVector>
        where TVector : unmanaged =>
        TSimd.TileRows >= 6 && left >= 6 ? 6 : TSimd.TileRows >= 4 && left >= 4 ? 4 : left >= 2 ? 2 : 1;
}
