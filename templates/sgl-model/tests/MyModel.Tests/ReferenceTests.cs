using SglNative.Engine.Benchmarking;
using SglNative.Engine.Configuration;
using SglNative.Engine.Loading;
using Xunit;

namespace MyModel.Tests;

public class ReferenceTests
{
    // The registration of MyModel needs no line here: the package's source generator made this project's module initialiser.
    [Theory]
    [InlineData(DTypeChoice.Float32)]
    [InlineData(DTypeChoice.BFloat16)]
    public async Task Logits_equal_the_reference_at_every_position(DTypeChoice dtype)
    {
        var checkpoint = Path.Combine(AppContext.BaseDirectory, "checkpoint");
        var args = new ServerArgs { ModelPath = checkpoint, Device = DeviceChoice.Cpu, DType = dtype };
        using var loaded = await ModelLoader.LoadAsync(args, cancellation: TestContext.Current.CancellationToken);
        Assert.Equal("MyModelForCausalLM", loaded.Info.ClassName);
        using var reference = ReferenceFile.Open(Path.Combine(checkpoint, "reference.safetensors"), loaded.Info.VocabSize);
        var report = ReferenceComparison.Run(args, loaded, reference);
        report.Write(TextWriter.Null);
        Assert.True(report.Passed, "the logits differ from the reference: bench-one-batch --reference FILE shows where");
    }
}
