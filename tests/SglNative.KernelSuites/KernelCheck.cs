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

    /// <summary>Runs one case and waits for its comparison.</summary>
    public static KernelCheck Run(KernelCase kernelCase, Backend backend) => Launch(kernelCase, backend)();

    /// <summary>
    /// Runs the kernel of one case and returns the comparison, which needs the device no more: it may run on another thread while the
    /// next case is launched.
    /// </summary>
    public static Func<KernelCheck> Launch(KernelCase kernelCase, Backend backend)
    {
        var (run, bytes, dtype) = Results(kernelCase, backend);
        return () =>
        {
            var actual = dtype == DType.Int32
                ? Array.ConvertAll(MemoryMarshal.Cast<byte, int>(bytes).ToArray(), value => (float)value)
                : Numbers.Decode(bytes, dtype);
            var expected = run.Expected?.Invoke() ?? run.Accepted?.Invoke(actual) ?? throw new ArgumentException($"{kernelCase.Shape} has no reference", nameof(kernelCase));
            return new(Numbers.ScaledError(actual, expected, dtype), run.Tolerance, HashOf(bytes));
        };
    }

    /// <summary>The hash alone, without a reference: to compare two builds.</summary>
    public static string HashOf(KernelCase kernelCase, Backend backend) => HashOf(Results(kernelCase, backend).Bytes);

    /// <inheritdoc/>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"scaled error {Error:G3}, at most {Tolerance:G3}");

    private static (KernelRun Run, byte[] Bytes, DType DType) Results(KernelCase kernelCase, Backend backend)
    {
        ArgumentNullException.ThrowIfNull(kernelCase);
        ArgumentNullException.ThrowIfNull(backend);
        using var bench = new Workbench(backend);
        bench.Ops.Arena.BeginStep();
        var run = kernelCase.Prepare(bench);
        var written = run.Launch();
        return (run, bench.Download(written), written.DType);
    }

    private static string HashOf(byte[] bytes) => Convert.ToHexStringLower(SHA256.HashData(bytes));
}
