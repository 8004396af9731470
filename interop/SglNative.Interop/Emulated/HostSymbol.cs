using System.Globalization;

namespace SglNative.Interop.Emulated;

/// <summary>Kernels of a host library are numbered in the order of the instantiations.</summary>
internal static class HostSymbol
{
    private const string Prefix = "sgl_kernel_";

    public static string Of(int number) => Prefix + number.ToString(CultureInfo.InvariantCulture);

    public static int Number(string symbol) => int.Parse(symbol.AsSpan(Prefix.Length), CultureInfo.InvariantCulture);
}
