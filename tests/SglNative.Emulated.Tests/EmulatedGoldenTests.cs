using SglNative.Cuda;
using SglNative.Engine.Benchmarking;
using SglNative.Engine.Configuration;
using SglNative.Engine.Loading;
using SglNative.Interop;
using SglNative.Interop.Emulated;
using SglNative.Models.Backends;
using SglNative.Models.Registry;
using SglNative.Testing;

namespace SglNative.Emulated.Tests;

/// <summary>
/// Whole models against transformers' logits, with <c>--device emulated</c>: launch parameters, page tables, strides and kernels as on
/// the GPU, decode steps as captured graphs. Prompts of 1, 127, 130 and 600 tokens in chunks of 128. Every kernel was prepared at loading.
/// </summary>
public sealed class EmulatedGoldenTests
{
    private const int Chunk = 128;

    public static TheoryData<string, DTypeChoice, int> Runs
    {
        get
        {
            var runs = new TheoryData<string, DTypeChoice, int>();
            foreach (var folder in Directory.GetDirectories(TestFiles.Goldens).Order(StringComparer.Ordinal))
            {
                if (!File.Exists(Path.Combine(folder, "golden.safetensors"))) continue;
                var name = Path.GetFileName(folder);
                runs.Add(name, DTypeChoice.Float32, 16);
                runs.Add(name, DTypeChoice.BFloat16, 64);
                if (!name.StartsWith("wide_", StringComparison.Ordinal)) continue;
                runs.Add(name, DTypeChoice.BFloat16, 16);
            }
            return runs;
        }
    }

    public static TheoryData<string> SmallGoldens => [.. Runs.Select(run => run.Data.Item1).Distinct().Where(name => !name.StartsWith("wide_", StringComparison.Ordinal))];

    [Theory]
    [MemberData(nameof(Runs))]
    public void Logits_agree_with_the_reference(string golden, DTypeChoice dtype, int pageSize) => Run(golden, dtype, pageSize, DeviceOpener.Open);

    /// <summary>Every access of every kernel: pages, strides, and tensors that are used after their layer or step.</summary>
    [Theory]
    [MemberData(nameof(SmallGoldens))]
    public void No_access_of_a_whole_model_is_wrong(string golden) =>
        Run(golden, DTypeChoice.BFloat16, pageSize: 16, _ => new CudaBackend(new EmulatedDeviceProvider().Open(0, new DeviceOptions { CheckMemory = true })));

    private static void Run(string golden, DTypeChoice dtype, int pageSize, Func<ServerArgs, Backend> open)
    {
        if (new EmulatedDeviceProvider().CountDevices(out var reason) == 0) Assert.Skip(reason!);
        var folder = TestFiles.Golden(golden);
        var args = new ServerArgs
        {
            ModelPath = folder,
            Device = DeviceChoice.Emulated,
            DType = dtype,
            PageSize = pageSize,
            ChunkedPrefillSize = Chunk,
            MaxTotalTokens = 4096,
        };
        using var loaded = ModelLoader.Load(args, folder, () => open(args), ModelRegistry.Default.Copy());
        using var reference = ReferenceFile.Open(Path.Combine(folder, "golden.safetensors"), loaded.Info.VocabSize);
        var report = ReferenceComparison.Run(args, loaded, reference);
        var text = new StringWriter();
        report.Write(text);
        Assert.True(report.Passed, $"{golden}, {dtype}, pages of {pageSize}:\n{text}");
        // Sums of residual streams are made for observers alone, such as the one that looks at routers.
        var observed = loaded.Model.Build.Routers.Count > 0;
        Assert.DoesNotContain(((CudaBackend)loaded.Backend).UnpreparedKernels, kernel => !(observed && kernel.EndsWith("sgl::add<float>", StringComparison.Ordinal)));
    }
}
