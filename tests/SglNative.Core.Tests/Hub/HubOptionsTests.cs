using SglNative.Core.Hub;

namespace SglNative.Core.Tests.Hub;

public sealed class HubOptionsTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Without_variables_the_defaults_of_the_Hubs_tools_hold()
    {
        var options = From(("HOME", "/home/u"));
        Assert.Equal("https://huggingface.co", options.Endpoint);
        Assert.Equal("/home/u/.cache/huggingface/hub", options.CacheDirectory);
        Assert.False(options.Offline);
        Assert.Null(options.Token);
        Assert.Equal("HF_TOKEN and /home/u/.cache/huggingface/token", options.TokenSource);
    }

    [Theory]
    [InlineData("/c", "HF_HUB_CACHE=/c", "HF_HOME=/h", "HUGGINGFACE_HUB_CACHE=/x")]
    [InlineData("/x", "HF_HOME=/h", "HUGGINGFACE_HUB_CACHE=/x")]
    [InlineData("/h/hub", "HF_HOME=/h", "XDG_CACHE_HOME=/g")]
    [InlineData("/g/huggingface/hub", "XDG_CACHE_HOME=/g", "HOME=/home/u")]
    [InlineData("/home/u/models/hub", "HF_HOME=~/models", "HOME=/home/u")]
    public void The_cache_follows_the_variables_in_their_order(string expected, params string[] variables) =>
        Assert.Equal(expected, From([.. variables.Select(v => (v.Split('=')[0], v.Split('=')[1]))]).CacheDirectory);

    [Theory]
    [InlineData("1", true)]
    [InlineData("true", true)]
    [InlineData("0", false)]
    [InlineData("", false)]
    public void Offline_is_a_switch(string value, bool expected)
    {
        Assert.Equal(expected, From(("HOME", "/h"), ("HF_HUB_OFFLINE", value)).Offline);
        Assert.Equal(expected, From(("HOME", "/h"), ("TRANSFORMERS_OFFLINE", value)).Offline);
    }

    [Fact]
    public void The_token_comes_from_the_variable_or_the_file()
    {
        _folder.Write("token", "hf_file\n");
        Assert.Equal("hf_variable", From(("HF_HOME", _folder.Path), ("HF_TOKEN", " hf_variable ")).Token);
        var stored = From(("HF_HOME", _folder.Path));
        Assert.Equal(("hf_file", _folder["token"]), (stored.Token, stored.TokenSource));
        Assert.Null(From(("HF_HOME", _folder.Path), ("HF_HUB_DISABLE_IMPLICIT_TOKEN", "1")).Token);
        Assert.Equal("hf_file", From(("HF_HOME", "/nowhere"), ("HF_TOKEN_PATH", _folder["token"])).Token);
    }

    [Fact]
    public void An_endpoint_loses_its_slash_and_must_be_an_address()
    {
        Assert.Equal("https://mirror.example/hf", From(("HOME", "/h"), ("HF_ENDPOINT", "https://mirror.example/hf/")).Endpoint);
        Assert.Contains("HF_ENDPOINT is 'mirror'", Assert.Throws<SglException>(() => From(("HF_ENDPOINT", "mirror"))).Message);
    }

    private static HubOptions From(params (string Name, string Value)[] variables) =>
        HubOptions.FromEnvironment(name => variables.FirstOrDefault(v => v.Name == name).Value);
}
