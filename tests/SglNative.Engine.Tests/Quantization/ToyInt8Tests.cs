using SglNative.Core.Checkpoints;
using SglNative.Core.Configuration;
using SglNative.Core.Tensors;
using SglNative.Cpu;
using SglNative.Engine.Benchmarking;
using SglNative.Engine.Configuration;
using SglNative.Engine.Loading;
using SglNative.Models.Modules;
using SglNative.Models.Registry;
using SglNative.Models.Weights;
using SglNative.Testing;

namespace SglNative.Engine.Tests.Quantization;

/// <summary>A quantisation that no model knows of runs them all.</summary>
public class ToyInt8Tests
{
    [Theory]
    [InlineData("llama3")]
    [InlineData("llama_bias")]
    [InlineData("gemma2")]
    [InlineData("olmo2")]
    [InlineData("phi3")]
    public void Models_run_with_it_unchanged_and_lose_what_eight_bits_lose(string golden)
    {
        var config = CheckpointConfig.Load(TestFiles.Golden(golden));
        using var checkpoint = Checkpoint.Open(TestFiles.Golden(golden));
        var backend = new CpuBackend(new CpuOptions { Threads = 1 });
        var build = new ModelBuild(backend, DType.Float32, 512) { LinearMethods = ToyInt8LinearMethod.Factory };
        var entry = ModelRegistry.Default.Resolve(config.Architectures);
        var model = entry.Factory(config.Text, build.Root);
        var tensors = model.WeightMap.Apply(checkpoint);
        WeightLoader.Check(build, tensors, golden);
        WeightLoader.Load(build, tensors);
        var info = new ModelInfo
        {
            ModelPath = golden, Directory = golden, ClassName = entry.ClassName, Package = entry.Package, Owner = entry.Owner, Source = entry.Source, Architecture = entry.Name, Device = "cpu",
            DType = DType.Float32, ContextLength = 512, VocabSize = model.VocabSize, WeightBytes = 0, MaxTotalTokens = 1024, PageSize = 16,
        };
        using var loaded = new LoadedModel(model, backend, config, new GenerationConfig(), info, DType.Float32);
        using var reference = ReferenceFile.Open(Path.Combine(TestFiles.Golden(golden), "golden.safetensors"), model.VocabSize);
        var report = ReferenceComparison.Run(new ServerArgs { Device = DeviceChoice.Cpu, DType = DTypeChoice.Float32 }, loaded, reference);
        Assert.InRange(report.MedianRms, 1e-3, 0.05);
    }
}
