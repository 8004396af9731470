using SglNative.Core;
using SglNative.Engine.Configuration;

namespace SglNative.Cli.Tests.Flags;

/// <summary>SGLang commands as they are pasted from its documentation and from issues.</summary>
public class SeedCommandTests
{
    [Theory]
    [InlineData(DeviceKind.Cpu)]
    [InlineData(DeviceKind.Cuda)]
    public void Host_and_port_just_work(DeviceKind device)
    {
        var command = Parse("--model-path X --host 0.0.0.0 --port 30000");
        Assert.Empty(command.Resolve(device));
        Assert.Equal(new ServerArgs { ModelPath = "X", Host = "0.0.0.0" }, command.Args);
    }

    [Theory]
    [InlineData(DeviceKind.Cpu)]
    [InlineData(DeviceKind.Cuda)]
    public void Trusting_remote_code_is_one_line(DeviceKind device) =>
        Assert.StartsWith("--trust-remote-code is accepted without effect: ",
            Assert.Single(Parse("--model-path X --trust-remote-code").Resolve(device)), StringComparison.Ordinal);

    [Fact]
    public void Tensor_parallelism_works_on_cuda_and_is_accepted_on_the_cpu()
    {
        var command = Parse("--model-path X --tp 8 --base-gpu-id 1 --gpu-id-step 2 --dist-timeout 30");
        Assert.All(command.Resolve(DeviceKind.Cpu), note => Assert.Contains(" is accepted without effect: ", note, StringComparison.Ordinal));
        Assert.Equal(4, command.Resolve(DeviceKind.Cpu).Count);
        Assert.Empty(command.Resolve(DeviceKind.Cuda));
        Assert.Equal(new ServerArgs { ModelPath = "X", TensorParallelSize = 8, BaseGpuId = 1, GpuIdStep = 2, RankTimeout = TimeSpan.FromSeconds(30) }, command.Args);
    }

    [Theory]
    [InlineData("--tp 0", "--tp")]
    [InlineData("--tp two", "--tp")]
    [InlineData("--gpu-id-step 0", "--gpu-id-step")]
    [InlineData("--dist-timeout 0", "--dist-timeout")]
    public void Numbers_of_ranks_are_positive(string line, string flag) =>
        Assert.Contains(flag, Assert.Throws<SglException>(() => Parse($"--model-path X {line}")).Message, StringComparison.Ordinal);

    [Fact]
    public void One_rank_is_fine_on_cuda() => Assert.Empty(Parse("--model-path X --tp 1 --dp 1 --nnodes 1 --node-rank 0").Resolve(DeviceKind.Cuda));

    [Theory]
    [InlineData(DeviceKind.Cpu)]
    [InlineData(DeviceKind.Cuda)]
    public void Quantization_is_refused(DeviceKind device) =>
        Assert.StartsWith("--quantization fp8 is not supported yet: ",
            Assert.Throws<SglException>(() => Parse("--model-path X --quantization fp8").Resolve(device)).Message, StringComparison.Ordinal);

    [Theory]
    [InlineData("triton")]
    [InlineData("fa3")]
    [InlineData("flashinfer")]
    public void Attention_backends_are_accepted(string backend) =>
        Assert.StartsWith($"--attention-backend {backend} is accepted without effect: ",
            Assert.Single(Parse($"--model-path X --attention-backend {backend}").Resolve(DeviceKind.Cuda)), StringComparison.Ordinal);

    [Fact]
    public void The_cpu_command_of_the_documentation_starts()
    {
        var command = Parse("--model-path X --device cpu --disable-overlap-schedule --tp 6");
        Assert.Equal(DeviceChoice.Cpu, command.Args.Device);
        Assert.Equal(["--disable-overlap-schedule", "--tp 6"],
            command.Resolve(DeviceKind.Cpu).Select(note => note[..note.IndexOf(" is accepted", StringComparison.Ordinal)]));
    }

    [Theory]
    [InlineData(DeviceKind.Cpu)]
    [InlineData(DeviceKind.Cuda)]
    public void Several_nodes_are_refused_in_one_line(DeviceKind device)
    {
        var command = Parse("--model-path X --tp 32 --dist-init-addr 10.0.0.1:5000 --nnodes 4 --node-rank 0");
        var message = Assert.Throws<SglException>(() => command.Resolve(device)).Message;
        Assert.Contains("--nnodes 4 is not supported yet: ", message, StringComparison.Ordinal);
        Assert.Contains("the nearest that works: --nnodes 1", message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', message);
    }

    [Theory]
    [InlineData("--kv-cache-dtype fp8_e5m2", false)]
    [InlineData("--kv-cache-dtype auto", true)]
    [InlineData("--kv-cache-dtype bf16", true)]
    [InlineData("--kv-cache-dtype bfloat16 --dtype bfloat16", true)]
    [InlineData("--dtype float32 --kv-cache-dtype bf16", false)]
    [InlineData("--load-format dummy", true)]
    [InlineData("--load-format safetensors", true)]
    [InlineData("--load-format gguf", false)]
    [InlineData("--schedule-policy fcfs", true)]
    [InlineData("--schedule-policy lpm", false)]
    [InlineData("--enable-lora", false)]
    [InlineData("--device npu", false)]
    [InlineData("--disaggregation-mode null", true)]
    [InlineData("--disaggregation-mode prefill", false)]
    [InlineData("--speculative-num-steps 3", true)]
    [InlineData("--speculative-algorithm EAGLE --speculative-num-steps 3 --speculative-eagle-topk 1", false)]
    public void What_works_may_depend_on_the_value_and_on_other_flags(string words, bool starts)
    {
        foreach (var device in Enum.GetValues<DeviceKind>())
            if (starts) Parse(words).Resolve(device);
            else Assert.Contains("the nearest that works: ", Assert.Throws<SglException>(() => Parse(words).Resolve(device)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void All_refusals_are_in_one_message()
    {
        var message = Assert.Throws<SglException>(() => Parse("--quantization awq --enable-lora").Resolve(DeviceKind.Cpu)).Message;
        Assert.Contains("--quantization awq", message, StringComparison.Ordinal);
        Assert.Contains("--enable-lora", message, StringComparison.Ordinal);
    }

    private static ServerCommandLine Parse(string words) => ServerCommandLine.Parse(words.Split(' '));
}
