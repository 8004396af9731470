using SglNative.Cli.Commands;
using SglNative.Core;
using SglNative.Core.Checkpoints;
using SglNative.Engine.Benchmarking;
using SglNative.Engine.Configuration;
using SglNative.Engine.Execution;
using SglNative.Engine.Loading;
using SglNative.Interop.Emulated;
using SglNative.Models.Caching;
using SglNative.Models.Weights;
using SglNative.Testing;

namespace SglNative.Cli.Tests.Plugins;

public sealed class SamplePluginTests : IDisposable
{
    private readonly TemporaryStore _store = new();

    public void Dispose() => _store.Dispose();

    [Fact]
    public void A_custom_kernel_changes_every_logit_and_a_template_comes_with_it()
    {
        using var loaded = Load("SoftcapLlama", """{"architectures":["SoftcapLlamaForCausalLM"],"logits_softcap":2}""");
        Assert.Contains("<|assistant|>", loaded.Info.ChatTemplate, StringComparison.Ordinal);
        var (actual, original) = Logits(loaded);
        for (var i = 0; i < original.Length; i++)
            Assert.True(Math.Abs(actual[i] - 2 * Math.Tanh(original[i] / 2)) < 2e-3, $"logit {i} of {original.Length}: {actual[i]}, capped from {original[i]}");
        Assert.Equal(original.Length, actual.Length);
    }

    /// <summary>Against transformers' Llama with its layers' keys and values shared; see cross_layer/make.py.</summary>
    [Theory]
    [InlineData(DeviceChoice.Cpu, DTypeChoice.Float32, -1)]
    [InlineData(DeviceChoice.Cpu, DTypeChoice.BFloat16, 5)]
    [InlineData(DeviceChoice.Emulated, DTypeChoice.Float32, 16)]
    [InlineData(DeviceChoice.Emulated, DTypeChoice.BFloat16, 16)]
    public void Layers_that_share_keys_and_values_agree_with_the_reference(DeviceChoice device, DTypeChoice dtype, int chunk)
    {
        if (device == DeviceChoice.Emulated && new EmulatedDeviceProvider().CountDevices(out var reason) == 0) Assert.Skip(reason!);
        var folder = Path.Combine(TestFiles.Root, "tests", "SglNative.Cli.Tests", "Plugins", "cross_layer");
        using var loaded = Load("CrossLayerLlama", "{}", folder, device, dtype);
        Assert.Equal([new CacheSpec.Full(2, 16), new CacheSpec.SharedWith(0), new CacheSpec.Full(2, 16), new CacheSpec.SharedWith(2)], loaded.Model.Build.Caches);
        using var reference = ReferenceFile.Open(Path.Combine(folder, "golden.safetensors"), loaded.Info.VocabSize);
        var report = ReferenceComparison.Run(new ServerArgs { ChunkedPrefillSize = chunk }, loaded, reference);
        using var text = new StringWriter();
        report.Write(text);
        Assert.True(report.Passed, text.ToString());
    }

    [Theory]
    [InlineData("\"high\"", "'logits_softcap' must be a number, found the string 'high'")]
    [InlineData("-1", "'logits_softcap' is -1, expected a positive number")]
    public void A_key_of_the_wrong_type_is_named(string value, string message)
    {
        var error = Assert.Throws<SglException>(() => Load("SoftcapLlama", $$"""{"architectures":["SoftcapLlamaForCausalLM"],"logits_softcap":{{value}}}"""));
        Assert.Contains(message, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_check_lists_what_is_missing_and_what_is_left_over_together()
    {
        var (code, output, _) = await _store.RunAsync("models", "check", "--model-path", TestFiles.Golden("llama2"), "--json-model-override-args", """{"architectures":["ReluSquaredForCausalLM"]}""",
            "--external-model-package", SamplePlugins.Assembly("ReluSquared"), "--device", "cpu");
        Assert.Equal(ExitCode.UserError, code);
        Assert.Contains("ReluSquaredForCausalLM is the first, served by ReluSquaredForCausalLM (ReluSquared 0.1.0), external package", output, StringComparison.Ordinal);
        Assert.Contains("model.layers.0.mlp.gate_proj.weight [48, 32] is not used by the model", output, StringComparison.Ordinal);
        Assert.Contains("2 do not fit", output, StringComparison.Ordinal);
        var fits = await _store.RunAsync("models", "check", "--model-path", TestFiles.Golden("llama2"), "--device", "cpu");
        Assert.Equal(ExitCode.Done, fits.Code);
        Assert.Contains("none is missing or left over", fits.Out, StringComparison.Ordinal);
        // 33 952 weights of two bytes, and 512 positions of 16 rotary numbers of four.
        Assert.Contains("weights 100.7 kB", fits.Out, StringComparison.Ordinal);
    }

    [Fact]
    public void A_block_of_operations_computes_what_it_says()
    {
        // The gate is left out, up is called ffn.up as in the checkpoints the sample is for, and attention adds nothing: what is left is computed here in double.
        var folder = Directory.CreateDirectory(Path.Combine(_store.Root, "checkpoint")).FullName;
        File.Copy(Path.Combine(TestFiles.Golden("llama2"), "config.json"), Path.Combine(folder, "config.json"));
        using var checkpoint = Checkpoint.Open(TestFiles.Golden("llama2"));
        SafetensorsWriter.Save(Path.Combine(folder, "model.safetensors"), checkpoint.Tensors.Values.Where(tensor => !tensor.Name.Contains("gate_proj", StringComparison.Ordinal)).ToDictionary(
            tensor => tensor.Name.Replace(".mlp.", ".ffn.", StringComparison.Ordinal),
            tensor => (tensor.DType, tensor.Shape, (ReadOnlyMemory<byte>)(tensor.Name.Contains("o_proj", StringComparison.Ordinal) ? new byte[tensor.ByteCount] : tensor.Bytes.ToArray()))));
        using var loaded = Load("ReluSquared", """{"architectures":["ReluSquaredForCausalLM"]}""", folder);
        var actual = Logits(loaded).Actual;
        using var reference = ReferenceFile.Open(Path.Combine(TestFiles.Golden("llama2"), "golden.safetensors"), 256);
        var expected = reference.Prompts[0].InputIds.SelectMany(Expected).ToArray();
        Assert.Equal(expected.Length, actual.Length);
        for (var i = 0; i < expected.Length; i++) Assert.InRange(actual[i] - expected[i], -1e-3, 1e-3);

        double[] Expected(int token)
        {
            var x = Weights("model.embed_tokens.weight").Skip(token * 32).Take(32).ToArray();
            for (var layer = 0; layer < 2; layer++)
            {
                var up = Multiply(Weights($"model.layers.{layer}.mlp.up_proj.weight"), Norm(x, Weights($"model.layers.{layer}.post_attention_layernorm.weight")));
                var down = Multiply(Weights($"model.layers.{layer}.mlp.down_proj.weight"), [.. up.Select(v => v > 0 ? v * v : 0)]);
                x = [.. x.Zip(down, (a, b) => a + b)];
            }
            return Multiply(Weights("lm_head.weight"), Norm(x, Weights("model.norm.weight")));
        }

        double[] Weights(string name)
        {
            var floats = new float[checkpoint[name].Shape.Count];
            HostConversion.ToFloats(checkpoint[name].Bytes, checkpoint[name].DType, floats);
            return [.. floats.Select(value => (double)value)];
        }
    }

    private static double[] Norm(double[] x, double[] weight)
    {
        var factor = 1 / Math.Sqrt(x.Sum(v => v * v) / x.Length + 1e-6);
        return [.. x.Zip(weight, (v, w) => v * factor * w)];
    }

    private static double[] Multiply(double[] matrix, double[] x) =>
        [.. matrix.Chunk(x.Length).Select(row => row.Zip(x, (a, b) => a * b).Sum())];

    private static LoadedModel Load(string sample, string overrides, string? folder = null, DeviceChoice device = DeviceChoice.Cpu, DTypeChoice dtype = DTypeChoice.Float32)
    {
        var args = new ServerArgs
        {
            ModelPath = folder ?? TestFiles.Golden("llama2"),
            JsonModelOverrideArgs = overrides,
            ExternalModelPackage = SamplePlugins.Assembly(sample),
            Device = device,
            DType = dtype,
            MaxTotalTokens = 1024,
            StrictPlugins = true,
        };
        return ModelLoader.LoadAsync(args).GetAwaiter().GetResult();
    }

    // The logits of the reference's first prompt, and those that transformers computed for Llama.
    private static (float[] Actual, float[] Original) Logits(LoadedModel loaded)
    {
        using var reference = ReferenceFile.Open(Path.Combine(TestFiles.Golden("llama2"), "golden.safetensors"), loaded.Info.VocabSize);
        var prompt = reference.Prompts[0];
        var original = new float[prompt.PrefillLogits.Shape.Count];
        HostConversion.ToFloats(prompt.PrefillLogits.Bytes, prompt.PrefillLogits.DType, original);
        var reader = new LogitsCollector();
        using var batch = new StaticBatch(new ServerArgs(), loaded, [prompt.InputIds], 0, reader);
        batch.Compute();
        return ([.. reader.Rows.Values.SelectMany(row => row)], original);
    }

    private sealed class LogitsCollector : ILogitsReader
    {
        // The row that a token is drawn from comes before the others.
        public SortedDictionary<int, float[]> Rows { get; } = [];

        public bool Wants(int sequence, int position) => true;

        public void Read(int sequence, int position, ReadOnlySpan<float> logits) => Rows[position] = logits.ToArray();
    }
}
