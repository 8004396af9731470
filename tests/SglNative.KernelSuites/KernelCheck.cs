using System.Globalization;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using SglNative.Core.Tensors;
using SglNative.Models.Backends;
using SglNative.OpsContract;

namespace SglNative.KernelSuites;

/// <summary>What a check found.</summary>
/// <param name="Error">The largest <see cref="Numbers.ScaledError"/>.</param>
/// <param name="Tolerance">The largest that is right.</param>
/// <param name="Hash">SHA-256 of the bytes that the kernel wrote: two builds of it are alike when all hashes are.</param>
public readonly record struct KernelCheck(double Error, double Tolerance, string Hash)
{
    /// <summary>True when the kernel is right.</summary>
    public bool Passed => Error <= Tolerance;

    /// <summary>Runs one case.</summary>
    public static KernelCheck Run(KernelCase kernelCase, Backend backend)
    {
        ArgumentNullException.ThrowIfNull(kernelCase);
        ArgumentNullException.ThrowIfNull(backend);
        using var bench = new Workbench(backend);
        bench.Ops.Arena.BeginStep();
        var run = kernelCase.Prepare(bench);
        var written = run.Launch();
        var bytes = bench.Download(written);
        var expected = run.Expected?.Invoke() ?? throw new ArgumentException($"{kernelCase.Shape} has no reference", nameof(kernelCase));
        var actual = written.DType == DType.Int32
            ? Array.ConvertAll(MemoryMarshal.Cast<byte, int>(bytes).ToArray(), value => (float)value)
            : Numbers.Decode(bytes, written.DType);
        return new(Numbers.ScaledError(actual, expected, Numbers.SmallestStep(written.DType)), run.Tolerance, Convert.ToHexStringLower(SHA256.HashData(bytes)));
    }

    /// <inheritdoc/>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"scaled error {Error:G3}, at most {Tolerance:G3}");
}
