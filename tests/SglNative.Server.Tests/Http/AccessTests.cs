using System.Net;
using System.Net.Http.Headers;
using SglNative.Engine.Configuration;
using SglNative.Server.Tests.Serving;

namespace SglNative.Server.Tests.Http;

/// <summary>A server that asks for a key.</summary>
public sealed class KeyServer : TestServer
{
    protected override ServerArgs Args => base.Args with { ApiKey = "s3cret-ü", SkipServerWarmup = true };
}

public class AccessTests(KeyServer server, DemoServer demo) : IClassFixture<KeyServer>
{
    [Theory]
    [InlineData(null)]
    [InlineData("Bearer wrong")]
    [InlineData("Bearer ")]
    [InlineData("Basic s3cret")]
    [InlineData("s3cret")]
    public async Task Without_the_key_every_endpoint_is_a_401(string? header)
    {
        foreach (var (method, path) in new[] { ("GET", "v1/models"), ("POST", "v1/chat/completions"), ("POST", "generate"), ("GET", "server_info"), ("GET", "nowhere") })
        {
            using var request = new HttpRequestMessage(new HttpMethod(method), new Uri(path, UriKind.Relative));
            if (header is not null) request.Headers.TryAddWithoutValidation("Authorization", header);
            using var response = await server.Api.Http.SendAsync(request);
            Assert.Equal(HttpStatusCode.Unauthorized, response.StatusCode);
            Assert.Equal("Bearer", response.Headers.WwwAuthenticate.Single().Scheme);
            var body = await response.Content.ReadAsStringAsync();
            Assert.Contains("API key", Api.ErrorMessage(body), StringComparison.Ordinal);
            Assert.Contains("\"code\":\"invalid_api_key\"", body, StringComparison.Ordinal);
            Assert.DoesNotContain("s3cret", body, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task With_the_key_requests_are_answered()
    {
        await using var plain = await TestServer.StartAsync(new() { Port = 0, Device = DeviceChoice.Cpu, ApiKey = "sk-1", SkipServerWarmup = true });
        using var http = new HttpClient { BaseAddress = plain.Address };
        http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", "sk-1");
        using var response = await http.GetAsync(new Uri("v1/models", UriKind.Relative));
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
    }

    [Theory]
    [InlineData("health")]
    [InlineData("health_generate")]
    public async Task Health_checks_need_no_key(string path) => Assert.Equal("ok", (await server.Api.GetAsync(path))["status"]!.GetValue<string>());

    [Fact]
    public async Task Any_page_may_ask()
    {
        using var preflight = new HttpRequestMessage(HttpMethod.Options, new Uri("v1/chat/completions", UriKind.Relative));
        preflight.Headers.Add("Origin", "https://page.example");
        preflight.Headers.Add("Access-Control-Request-Method", "POST");
        preflight.Headers.Add("Access-Control-Request-Headers", "authorization,content-type");
        // A preflight carries no key.
        using var allowed = await server.Api.Http.SendAsync(preflight);
        Assert.True(allowed.IsSuccessStatusCode);
        Assert.Equal("*", allowed.Headers.GetValues("Access-Control-Allow-Origin").Single());
        Assert.Contains("POST", string.Concat(allowed.Headers.GetValues("Access-Control-Allow-Methods")), StringComparison.Ordinal);
        Assert.Contains("authorization", string.Concat(allowed.Headers.GetValues("Access-Control-Allow-Headers")), StringComparison.OrdinalIgnoreCase);

        foreach (var (body, status) in new[] { ("""{"prompt":"a","max_tokens":1}""", HttpStatusCode.OK), ("{}", HttpStatusCode.BadRequest) })
        {
            using var request = Api.Request("v1/completions", body);
            request.Headers.Add("Origin", "https://page.example");
            using var response = await demo.Api.Http.SendAsync(request);
            Assert.Equal(status, response.StatusCode);
            Assert.Equal("*", response.Headers.GetValues("Access-Control-Allow-Origin").Single());
        }
    }
}
