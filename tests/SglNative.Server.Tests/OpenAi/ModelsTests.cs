using System.Net;
using System.Text.Json.Nodes;
using SglNative.Server.Tests.Serving;

namespace SglNative.Server.Tests.OpenAi;

public class ModelsTests(DemoServer demo)
{
    [Fact]
    public async Task The_model_is_listed()
    {
        var list = (await demo.Api.GetAsync("v1/models")).AsObject();
        Assert.Equal(["object", "data"], list.Select(member => member.Key));
        var card = Assert.Single(list["data"]!.AsArray())!;
        Assert.Equal("demo", card["id"]!.GetValue<string>());
        Assert.Equal("model", card["object"]!.GetValue<string>());
        Assert.Equal(1024, card["max_model_len"]!.GetValue<int>());
        Assert.Equal(card.ToJsonString(), (await demo.Api.GetAsync("v1/models/demo")).ToJsonString());
    }

    [Fact]
    public async Task An_unknown_model_is_a_404_as_SGLangs()
    {
        using var response = await demo.Api.Http.GetAsync(new Uri("v1/models/owner/other", UriKind.Relative));
        Assert.Equal(HttpStatusCode.NotFound, response.StatusCode);
        var error = JsonNode.Parse(await response.Content.ReadAsStringAsync())!["error"]!;
        Assert.Equal("model", error["param"]!.GetValue<string>());
        Assert.Equal("model_not_found", error["code"]!.GetValue<string>());
        Assert.Equal("invalid_request_error", error["type"]!.GetValue<string>());
    }

    [Fact]
    public async Task A_name_with_a_slash_is_found_escaped_or_not()
    {
        await using var server = await TestServer.StartAsync(new() { Port = 0, Device = Engine.Configuration.DeviceChoice.Cpu, ServedModelName = "owner/name", SkipServerWarmup = true });
        using var api = new Api(server.Address);
        foreach (var path in new[] { "v1/models/owner/name", "v1/models/owner%2Fname" })
            Assert.Equal("owner/name", (await api.GetAsync(path))["id"]!.GetValue<string>());
        Assert.Equal("owner/name", (await api.PostAsync("v1/completions", """{"prompt":"a","max_tokens":1}"""))["model"]!.GetValue<string>());
    }
}
