using SglNative.Core.Checkpoints;
using SglNative.Core.Configuration;
using SglNative.Core.Tensors;
using SglNative.Cpu;
using SglNative.Models.Modules;
using SglNative.Models.Parallelism;
using SglNative.Models.Registry;
using SglNative.Models.Weights;

namespace SglNative.Models.Tests;

/// <summary>A model built in float32 on a CPU backend of one thread, without an engine.</summary>
internal sealed class ModelUnderTest : IDisposable
{
    private ModelUnderTest(CpuBackend backend, CausalLM model) => (Backend, Model) = (backend, model);

    public CpuBackend Backend { get; }

    public CausalLM Model { get; }

    public ModelBuild Build => Model.Build;

    public static ModelUnderTest Of(JsonConfig config, ParallelContext? parallel = null, int maxPositions = 64)
    {
        var backend = new CpuBackend(new CpuOptions { Threads = 1 });
        try
        {
            var build = new ModelBuild(backend, DType.Float32, maxPositions) { Parallel = parallel ?? ParallelContext.Single };
            var entry = ModelRegistry.Default.Resolve(config.FindStrings("architectures") ?? []);
            return new ModelUnderTest(backend, entry.Factory(config, build.Root));
        }
        catch
        {
            backend.Dispose();
            throw;
        }
    }

    /// <summary>A golden's model, with parts of its configuration replaced, loaded.</summary>
    public static ModelUnderTest Load(string golden, ParallelContext? parallel = null)
    {
        var model = Of(Config(golden), parallel);
        using var checkpoint = Checkpoint.Open(TestFiles.Golden(golden));
        var tensors = model.Model.WeightMap.Apply(checkpoint);
        WeightLoader.Check(model.Build, tensors, golden);
        WeightLoader.Load(model.Build, tensors);
        return model;
    }

    public static JsonConfig Config(string golden, string overrides = "{}") =>
        JsonConfig.Load(Path.Combine(TestFiles.Golden(golden), "config.json")).Merge(JsonConfig.Parse(overrides, "overrides"));

    public static unsafe float[] Values(Parameter parameter) => new ReadOnlySpan<float>((void*)parameter.Value.Data, (int)parameter.Shape.Count).ToArray();

    public Parameter Parameter(string name) => Build.Parameters.Single(parameter => parameter.Name == name);

    public void Dispose() => Backend.Dispose();
}
