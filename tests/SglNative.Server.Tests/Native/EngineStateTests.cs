using System.Net;
using System.Text.Json.Nodes;
using SglNative.Server.Tests.Serving;

namespace SglNative.Server.Tests.Native;

/// <summary>Requests together, requests that end early, and steps that fail: what the scheduler holds, seen through a gate.</summary>
public sealed class EngineStateTests(GatedServer server) : IClassFixture<GatedServer>, IDisposable
{
    private const string Endless = """{"text":"Once","sampling_params":{"max_new_tokens":900,"ignore_eos":true}""";

    private readonly CancellationToken _end = TestContext.Current.CancellationToken;

    public void Dispose()
    {
        server.Gate.Failure = null;
        server.Gate.Release();
    }

    [Fact]
    public async Task Requests_share_the_steps()
    {
        var (arrived, steps) = (server.Server.Engine.Stats.Arrived, server.Gate.Sequences.Count);
        server.Gate.Hold();
        var requests = Enumerable.Range(0, 4).Select(_ => server.Api.PostAsync("generate", """{"text":"Once","sampling_params":{"max_new_tokens":8,"ignore_eos":true}}""")).ToArray();
        await server.UntilArrivedAsync(arrived + 4, _end);
        server.Gate.Release();
        await Task.WhenAll(requests);
        // The first step may hold one sequence alone; then they go together.
        Assert.Contains(4, server.Gate.Sequences.Skip(steps));
    }

    [Theory]
    [InlineData(true, "generate")]
    [InlineData(false, "generate")]
    [InlineData(true, "v1/completions")]
    [InlineData(false, "v1/completions")]
    public async Task A_client_that_goes_away_frees_its_pages(bool stream, string path)
    {
        var stats = server.Server.Engine.Stats;
        var (arrived, steps, generated) = (stats.Arrived, stats.Steps, stats.GeneratedTokens);
        var (body, field) = path == "generate" ? (Endless, "text") : ("""{"prompt":"Once","max_tokens":900,"ignore_eos":true""", "text");
        using var leave = CancellationTokenSource.CreateLinkedTokenSource(_end);
        server.Gate.Hold();
        using var request = Api.Request(path, $"{body},\"stream\":{(stream ? "true" : "false")}}}");
        var answer = server.Api.Http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, leave.Token);
        await server.UntilArrivedAsync(arrived + 1, _end);
        if (stream)
        {
            server.Gate.Allow();
            server.Gate.Allow();
            using var response = await answer;
            using var reader = new StreamReader(await response.Content.ReadAsStreamAsync(_end));
            Assert.Contains(field, await reader.ReadLineAsync(_end), StringComparison.Ordinal);
            // Leaving the response undrained closes the connection.
        }
        else
        {
            await leave.CancelAsync();
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => answer);
        }
        // The server learns of it in its own time: step by step, it must be long before the 900th.
        do
        {
            server.Gate.Allow();
            await Task.Delay(20, _end);
        }
        while (stats.Steps == steps || stats.Running > 0 || stats.Waiting > 0 || stats.UsedPages > 0);
        Assert.True(stats.GeneratedTokens - generated < 900, "the request ran to its end");
        server.Gate.Release();
        Assert.Equal(0, (await server.Api.GetAsync("server_info"))["internal_states"]![0]!["num_running_reqs"]!.GetValue<int>());
    }

    [Fact]
    public async Task The_counts_are_shown_while_requests_run()
    {
        var arrived = server.Server.Engine.Stats.Arrived;
        using var leave = CancellationTokenSource.CreateLinkedTokenSource(_end);
        using var request = Api.Request("generate", Endless + ",\"stream\":true}");
        using var response = await server.Api.Http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, leave.Token);
        await server.UntilArrivedAsync(arrived + 1, _end);
        while (server.Server.Engine.Stats.Running == 0) await Task.Delay(5, _end);
        server.Gate.Hold();
        var state = (await server.Api.GetAsync("server_info"))["internal_states"]![0]!;
        Assert.Equal(1, state["num_running_reqs"]!.GetValue<int>());
        Assert.True(state["num_used_tokens"]!.GetValue<int>() > 0);
        response.Dispose();
        server.Gate.Release();
        await Api.UntilIdleAsync(server.Server, _end);
    }

    [Fact]
    public async Task A_busy_engine_is_healthy()
    {
        using var request = Api.Request("generate", """{"text":"Once","stream":true,"sampling_params":{"n":64,"max_new_tokens":900,"ignore_eos":true}}""");
        using (await server.Api.Http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, _end))
            Assert.Equal("ok", (await server.Api.GetAsync("health_generate"))["status"]!.GetValue<string>());
        await Api.UntilIdleAsync(server.Server, _end);
    }

    [Fact]
    public async Task A_failing_step_is_a_500_with_an_id_and_the_trace_is_in_the_log_alone()
    {
        server.Gate.Failure = new InvalidOperationException("the kernel was not well");
        var message = await server.Api.FailAsync("generate", """{"text":"Once"}""", HttpStatusCode.InternalServerError);
        Assert.Matches("^internal error [0-9a-f]{12}$", message);
        Assert.Contains(message["internal error ".Length..], server.Log.Text, StringComparison.Ordinal);
        Assert.Contains("the kernel was not well", server.Log.Text, StringComparison.Ordinal);
        Assert.Contains("   at ", server.Log.Text, StringComparison.Ordinal);

        // One failure may be one request's; a device that fails again and again is ill, until it computes again.
        Assert.Equal("ok", (await server.Api.GetAsync("health"))["status"]!.GetValue<string>());
        using (var response = await server.Api.Http.GetAsync(new Uri("health_generate", UriKind.Relative), _end)) Assert.Equal(HttpStatusCode.ServiceUnavailable, response.StatusCode);
        await server.Api.FailAsync("v1/completions", """{"prompt":"Once"}""", HttpStatusCode.InternalServerError);
        using (var response = await server.Api.Http.GetAsync(new Uri("health", UriKind.Relative), _end))
        {
            Assert.Equal(HttpStatusCode.ServiceUnavailable, response.StatusCode);
            Assert.Contains("steps failed", Api.ErrorMessage(await response.Content.ReadAsStringAsync(_end)), StringComparison.Ordinal);
        }
        server.Gate.Failure = null;
        Assert.Equal("ok", (await server.Api.GetAsync("health_generate"))["status"]!.GetValue<string>());
        Assert.Equal("ok", (await server.Api.GetAsync("health"))["status"]!.GetValue<string>());
    }

    [Fact]
    public async Task A_failure_amid_a_stream_is_an_event_and_the_end()
    {
        server.Gate.Hold();
        var arrived = server.Server.Engine.Stats.Arrived;
        using var request = Api.Request("generate", Endless + ",\"stream\":true}");
        var sent = server.Api.Http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, _end);
        await server.UntilArrivedAsync(arrived + 1, _end);
        server.Gate.Failure = new InvalidOperationException("oops");
        server.Gate.Release();
        using var response = await sent;
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        var events = (await response.Content.ReadAsStringAsync(_end)).Split("\n\n", StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal("data: [DONE]", events[^1]);
        Assert.StartsWith("internal error ", JsonNode.Parse(events[^2]["data: ".Length..])!["error"]!["message"]!.GetValue<string>(), StringComparison.Ordinal);
        Assert.DoesNotContain("oops", string.Concat(events), StringComparison.Ordinal);
    }
}
