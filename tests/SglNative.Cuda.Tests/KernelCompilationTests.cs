using SglNative.Core.Tensors;
using SglNative.Cuda.Kernels;
using SglNative.Interop;
using SglNative.Interop.Cuda.Compilation;
using SglNative.Interop.Kernels;
using SglNative.Models.Operations;

namespace SglNative.Cuda.Tests;

/// <summary>Every kernel that plans ask for compiles for every chip, without local memory. NVRTC is needed, a GPU is not.</summary>
public sealed class KernelCompilationTests
{
    [Theory]
    [InlineData("sm_80", 164, 163)]
    [InlineData("sm_86", 100, 99)]
    [InlineData("sm_89", 100, 99)]
    [InlineData("sm_90a", 228, 227)]
    public void Kernels_compile_without_spills(string architecture, int sharedMemory, int sharedMemoryOfBlock)
    {
        if (!NvrtcToolchain.IsAvailable(out _, out var reason)) Assert.Skip(reason);
        var toolchain = NvrtcToolchain.ForArchitecture(architecture);
        var device = Capabilities(architecture, sharedMemory << 10, sharedMemoryOfBlock << 10);
        var wrong = new List<string>();
        Parallel.ForEach(Plans().SelectMany(plan => plan.Kernels(device)).Distinct(), kernel =>
        {
            var source = KernelLoader.Source(kernel);
            var image = toolchain.Compile(source, KernelSourceTree.Collect(source), "");
            foreach (var (name, resources) in image.ReadResources())
                if (resources.StackFrame > 0 || resources.SpillStores > 0)
                    lock (wrong) wrong.Add($"{name}: {resources.StackFrame} bytes of stack, {resources.SpillStores} of spills");
        });
        Assert.Empty(wrong);
    }

    // Each template with each of its parameters' extremes, rather than their product.
    private static IEnumerable<KernelPlan> Plans() =>
    [
        new(DType.BFloat16, [64, 4096, 8192], [64, 128], 64) { Activations = [GatedActivation.Silu, GatedActivation.GeluTanh], Experts = 64, ExpertsPerToken = 6 },
        new(DType.BFloat16, [128, 16384], [8, 256], 1) { InterleavedRotary = true, SoftCap = true },
        new(DType.BFloat16, [24], [80, 256], 16) { Activations = [GatedActivation.Gelu, GatedActivation.SwigluOss], LayerNorm = true, ClipQkv = true, Experts = 8, ExpertsPerToken = 2 },
        new(DType.Float16, [2048], [64, 136], 64) { SoftCap = true, LogitSoftCap = true, Experts = 128, ExpertsPerToken = 8 },
        new(DType.Float32, [64, 2048, 40960], [8, 64, 256], 64) { Activations = [GatedActivation.Silu, GatedActivation.Gelu, GatedActivation.GeluTanh], LayerNorm = true, Experts = 8, ExpertsPerToken = 2 },
        new(DType.BFloat16, [512], [], 64) { Latents = [(512, 64, 128), (512, 64, 16), (256, 64, 32)], Convolutions = [(4, true), (3, false)], DeltaRules = [(128, 128)] },
        new(DType.Float16, [32], [], 1) { Latents = [(512, 64, 64), (32, 8, 2), (48, 16, 4)], Convolutions = [(1, false), (8, true)], DeltaRules = [(16, 48), (256, 64), (64, 32)] },
        new(DType.Float32, [32], [], 16) { Latents = [(512, 64, 128), (32, 8, 2)], Convolutions = [(4, true), (8, false)], DeltaRules = [(8, 8), (128, 128), (256, 64)] },
        new(DType.Float32, [96], [24, 128], 1) { InterleavedRotary = true, SoftCap = true },
    ];

    private static DeviceCapabilities Capabilities(string architecture, int sharedMemory, int sharedMemoryOfBlock) => new()
    {
        Name = architecture, ComputeMajor = architecture[3] - '0', ComputeMinor = architecture[4] - '0', Architecture = architecture,
        MultiprocessorCount = 100, TotalMemory = 1L << 34, L2CacheSize = 1 << 25, SharedMemoryPerBlock = 48 << 10,
        SharedMemoryPerBlockOptIn = sharedMemoryOfBlock, SharedMemoryPerMultiprocessor = sharedMemory, DriverVersion = new(12, 4),
    };
}
