using SglNative.Cuda;
using SglNative.Engine.Benchmarking;
using SglNative.Engine.Configuration;
using SglNative.Engine.Loading;
using SglNative.Interop.Emulated;
using SglNative.Models.Registry;
using SglNative.Testing;

namespace SglNative.Emulated.Tests;

/// <summary>
/// Weights split over two emulated devices against transformers' logits, as they are on one: dense models, mixtures of experts, latent
/// attention, states, norms over heads of both devices. Sums over devices have an order of their own, so bits differ from those of one
/// device; the tolerance is the same. Every other golden is split on CPU ranks, in SglNative.Engine.Tests.
/// </summary>
public sealed class TensorParallelTests
{
    [Theory]
    [InlineData("llama3", DTypeChoice.Float32)]
    [InlineData("llama3", DTypeChoice.BFloat16)]
    [InlineData("mixtral", DTypeChoice.Float32)]
    [InlineData("qwen2_moe", DTypeChoice.Float32)]
    [InlineData("qwen2_moe", DTypeChoice.BFloat16)]
    [InlineData("gpt_oss", DTypeChoice.Float32)]
    [InlineData("deepseek_v2", DTypeChoice.Float32)]
    [InlineData("deepseek_v3", DTypeChoice.Float32)]
    [InlineData("deepseek_v3", DTypeChoice.BFloat16)]
    [InlineData("olmo2", DTypeChoice.Float32)]
    [InlineData("qwen3_next", DTypeChoice.Float32)]
    public void Two_devices_are_the_reference(string golden, DTypeChoice dtype)
    {
        if (new EmulatedDeviceProvider().CountDevices(out var reason) == 0) Assert.Skip(reason!);
        var folder = TestFiles.Golden(golden);
        var args = new ServerArgs
        {
            ModelPath = folder,
            Device = DeviceChoice.Emulated,
            DType = dtype,
            TensorParallelSize = 2,
            PageSize = 16,
            ChunkedPrefillSize = 128,
            MaxTotalTokens = 4096,
        };
        using var loaded = ModelLoader.Load(args, folder, DeviceOpener.Ranks(args), ModelRegistry.Default.Copy());
        Assert.Equal(2, loaded.RankCount);
        using var reference = ReferenceFile.Open(Path.Combine(folder, "golden.safetensors"), loaded.Info.VocabSize);
        var report = ReferenceComparison.Run(args, loaded, reference);
        var text = new StringWriter();
        report.Write(text);
        Assert.True(report.Passed, $"{golden}, {dtype}:\n{text}");
        // Sums of residual streams are made for observers alone, such as the one that looks at routers.
        Assert.DoesNotContain(((CudaBackend)loaded.Backend).UnpreparedKernels, kernel => loaded.Model.Build.Routers.Count == 0 || !kernel.EndsWith("sgl::add<float>", StringComparison.Ordinal));
    }
}
