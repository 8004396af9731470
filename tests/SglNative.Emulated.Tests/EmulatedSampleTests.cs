using SglNative.Core.Checkpoints;
using SglNative.Engine.Benchmarking;
using SglNative.Engine.Configuration;
using SglNative.Engine.Execution;
using SglNative.Engine.Loading;
using SglNative.Interop.Emulated;
using SglNative.Models.Weights;
using SglNative.Testing;

namespace SglNative.Emulated.Tests;

/// <summary>The sample plugins with <c>--device emulated</c>: an expression and a kernel of a plugin's own are compiled and launched as the product's are.</summary>
public sealed class EmulatedSampleTests
{
    [Theory]
    [InlineData("LlamaWrapper", "LlamaWrapper")]
    [InlineData("SoftcapLlama", "SoftcapLlamaForCausalLM")]
    public void Every_logit_is_that_of_the_reference_changed(string sample, string architecture)
    {
        var (actual, reference) = Run(sample, $$"""{"architectures":["{{architecture}}"],"logits_softcap":2}""", DeviceChoice.Emulated, "llama2");
        Assert.Equal(reference.Length, actual.Length);
        for (var i = 0; i < actual.Length; i++)
        {
            var (x, y) = (reference[i], actual[i]);
            // A root close to zero magnifies what its square does not.
            var difference = sample == "SoftcapLlama" ? y - 2 * Math.Tanh(x / 2) : y > 0 ? y * y - x : y - x;
            Assert.True(Math.Abs(difference) < 2e-3, $"logit {i}: {y}, from {x}");
        }
    }

    [Fact]
    public void A_block_of_operations_computes_what_it_does_on_the_CPU()
    {
        var folder = Directory.CreateTempSubdirectory("sgl-relu-").FullName;
        try
        {
            File.Copy(Path.Combine(TestFiles.Golden("llama2"), "config.json"), Path.Combine(folder, "config.json"));
            using (var checkpoint = Checkpoint.Open(TestFiles.Golden("llama2")))
                SafetensorsWriter.Save(Path.Combine(folder, "model.safetensors"), checkpoint.Tensors.Values.Where(tensor => !tensor.Name.Contains("gate_proj", StringComparison.Ordinal)).ToDictionary(
                    tensor => tensor.Name.Replace(".mlp.", ".ffn.", StringComparison.Ordinal), tensor => (tensor.DType, tensor.Shape, (ReadOnlyMemory<byte>)tensor.Bytes.ToArray())));
            const string name = """{"architectures":["ReluSquaredForCausalLM"]}""";
            var emulated = Run("ReluSquared", name, DeviceChoice.Emulated, folder).Actual;
            var host = Run("ReluSquared", name, DeviceChoice.Cpu, folder).Actual;
            Assert.Equal(host.Length, emulated.Length);
            for (var i = 0; i < host.Length; i++) Assert.InRange(emulated[i] - host[i], -1e-3, 1e-3);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    // The logits of the reference's first prompt, and those that transformers computed for Llama.
    private static (float[] Actual, float[] Reference) Run(string sample, string overrides, DeviceChoice device, string checkpoint)
    {
        if (new EmulatedDeviceProvider().CountDevices(out var reason) == 0) Assert.Skip(reason!);
        var args = new ServerArgs
        {
            ModelPath = TestFiles.Golden(checkpoint),
            JsonModelOverrideArgs = overrides,
            ExternalModelPackage = Path.Combine(TestFiles.Root, "samples", sample, "bin", new DirectoryInfo(AppContext.BaseDirectory).Parent!.Name, "net10.0", $"{sample}.dll"),
            Device = device,
            DType = DTypeChoice.Float32,
            MaxTotalTokens = 4096,
            StrictPlugins = true,
        };
        using var loaded = ModelLoader.LoadAsync(args).GetAwaiter().GetResult();
        using var reference = ReferenceFile.Open(Path.Combine(TestFiles.Golden("llama2"), "golden.safetensors"), loaded.Info.VocabSize);
        var prompt = reference.Prompts[0];
        var logits = new float[prompt.PrefillLogits.Shape.Count];
        HostConversion.ToFloats(prompt.PrefillLogits.Bytes, prompt.PrefillLogits.DType, logits);
        var rows = new Rows();
        using var batch = new StaticBatch(args, loaded, [prompt.InputIds], 0, rows);
        batch.Compute();
        return ([.. rows.Read.Values.SelectMany(row => row)], logits);
    }

    private sealed class Rows : ILogitsReader
    {
        public SortedDictionary<int, float[]> Read { get; } = [];

        public bool Wants(int sequence, int position) => true;

        void ILogitsReader.Read(int sequence, int position, ReadOnlySpan<float> logits) => Read[position] = logits.ToArray();
    }
}
