using SglNative.Cuda;
using SglNative.Interop;
using SglNative.Interop.Emulated;
using SglNative.KernelSuites;
using SglNative.Testing;

namespace SglNative.Emulated.Tests;

/// <summary>The harness' checks on the emulated device, a test per kernel file, each on a device of its own.</summary>
public abstract class EmulatedKernelSuite(bool checkMemory)
{
    public static TheoryData<string> Kernels => [.. Suites.All.Select(suite => suite.Kernel)];

    /// <summary>The shapes that are run, of those that are not too large for the host.</summary>
    protected abstract IEnumerable<KernelCase> Choose(KernelCase[] cases);

    [Theory]
    [MemberData(nameof(Kernels))]
    public void A_kernel_agrees_with_its_reference(string kernel)
    {
        var provider = new EmulatedDeviceProvider();
        if (provider.CountDevices(out var reason) == 0) Assert.Skip(reason!);
        using var backend = new CudaBackend(provider.Open(0, new DeviceOptions { CheckMemory = checkMemory }));
        var cases = Suites.All.Single(suite => suite.Kernel == kernel).Checks.Where(kernelCase => !kernelCase.IsLarge).ToArray();
        Assert.NotEmpty(cases);
        var wrong = new List<string>();
        foreach (var kernelCase in Choose(cases))
            if (KernelCheck.Run(kernelCase, backend) is { Passed: false } check) wrong.Add($"{kernelCase.Shape}: {check}");
        Assert.Empty(wrong);
        AssertLaunched(kernel, backend.Device);
    }

    /// <summary>What is never launched here is tested on GPUs alone, which is to say on no commit.</summary>
    [Fact]
    public void Every_kernel_of_the_catalogue_has_its_test() =>
        Assert.Equal(CatalogFile.Read().Select(kernel => kernel.File).Distinct().Order(), Suites.All.Select(suite => suite.Kernel).Order());

    // Every kernel of the file, in an instantiation that ships for the chip that the device looks like.
    private static void AssertLaunched(string file, IComputeDevice device)
    {
        var launched = EmulatedDeviceProvider.LaunchedKernels(device).ToHashSet();
        foreach (var kernel in CatalogFile.Read().Where(kernel => kernel.File == file).GroupBy(kernel => kernel.Template))
            Assert.True(
                kernel.Any(instantiation => instantiation.IsFor(device.Capabilities.Architecture) && launched.Contains(instantiation.Instantiation)),
                $"{kernel.Key} of {file} was never launched on the emulated device as it ships for {device.Capabilities.Architecture}");
    }
}

/// <summary>As programs use the device by default: every shape.</summary>
public sealed class EmulatedKernelSuiteTests() : EmulatedKernelSuite(checkMemory: false)
{
    protected override IEnumerable<KernelCase> Choose(KernelCase[] cases) => cases;
}

/// <summary>With every access of every kernel checked, which takes several times as long: some shapes from all over the sweep.</summary>
public sealed class CheckedKernelSuiteTests() : EmulatedKernelSuite(checkMemory: true)
{
    private const int Most = 16;

    protected override IEnumerable<KernelCase> Choose(KernelCase[] cases)
    {
        var count = Math.Min(Most, cases.Length);
        return Enumerable.Range(0, count).Select(i => cases[(int)((i + 0.5) * cases.Length / count)]);
    }
}
