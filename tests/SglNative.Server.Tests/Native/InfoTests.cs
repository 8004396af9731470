using SglNative.Server.Tests.Serving;

namespace SglNative.Server.Tests.Native;

public class InfoTests(DemoServer demo)
{
    [Theory]
    [InlineData("model_info")]
    [InlineData("get_model_info")]
    public async Task The_model_is_described(string path)
    {
        var info = await demo.Api.GetAsync(path);
        Assert.Equal("demo", info["model_path"]!.GetValue<string>());
        Assert.Equal("demo", info["tokenizer_path"]!.GetValue<string>());
        Assert.True(info["is_generation"]!.GetValue<bool>());
        Assert.Equal("default", info["weight_version"]!.GetValue<string>());
        Assert.Null(info["preferred_sampling_params"]);
        Assert.Equal("LlamaForCausalLM", info["architecture"]!.GetValue<string>());
        Assert.Equal(1024, info["context_length"]!.GetValue<int>());
    }

    [Theory]
    [InlineData("server_info")]
    [InlineData("get_server_info")]
    public async Task The_server_is_described(string path)
    {
        var info = await demo.Api.GetAsync(path);
        Assert.Matches(@"^\d+\.\d+\.\d+", info["version"]!.GetValue<string>());
        Assert.Equal("demo", info["served_model_name"]!.GetValue<string>());
        Assert.True(info["max_total_num_tokens"]!.GetValue<int>() >= 1024);
        Assert.NotNull(info["internal_states"]![0]!["num_running_reqs"]);
    }

    [Theory]
    [InlineData("health")]
    [InlineData("health_generate")]
    [InlineData("ping")]
    public async Task A_healthy_server_says_so(string path) => Assert.Equal("ok", (await demo.Api.GetAsync(path))["status"]!.GetValue<string>());
}
