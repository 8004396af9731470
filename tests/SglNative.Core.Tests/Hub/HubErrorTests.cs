using System.Diagnostics;
using Microsoft.AspNetCore.Http;
using SglNative.Core.Hub;

namespace SglNative.Core.Tests.Hub;

/// <summary>Answers other than success, and where the token goes.</summary>
public sealed class HubErrorTests : HubTestBase
{
    [Theory]
    [InlineData(401, "GatedRepo", "Access to model owner/model is restricted.", false, "owner/model is a gated repository: accept its terms at ENDPOINT/owner/model, then set HF_TOKEN (no token was seen in HF_TOKEN)")]
    [InlineData(403, "GatedRepo", "Your request is awaiting a review.", true, "accept its terms at ENDPOINT/owner/model, then use another HF_TOKEN (the token from HF_TOKEN was seen, but its account has no access yet)")]
    [InlineData(401, "RepoNotFound", "Repository not found", false, "has no repository owner/model, or it is private: check the name, or set HF_TOKEN (no token was seen")]
    [InlineData(404, "RepoNotFound", "Repository not found", true, "its account may not see it")]
    [InlineData(401, null, "Invalid username or password.", false, "has no repository owner/model")]
    [InlineData(401, null, "Invalid credentials in Authorization header", true, "does not accept the token from HF_TOKEN (Invalid credentials in Authorization header): make a new one at ENDPOINT/settings/tokens")]
    [InlineData(404, "RevisionNotFound", "Invalid rev id: main", false, "owner/model has no revision 'main': see ENDPOINT/owner/model/branches")]
    [InlineData(404, "EntryNotFound", "Entry not found", false, "has no file")]
    [InlineData(403, null, "Access to this resource is disabled.", false, "refuses access to owner/model (Access to this resource is disabled)")]
    [InlineData(400, null, "Bad\u0001thing", false, "answered 400 Bad Request")]
    [InlineData(429, null, null, false, "too many requests from here (429)")]
    [InlineData(503, null, null, false, "answered 503")]
    public async Task An_error_of_the_Hub_becomes_the_line_that_helps(int status, string? code, string? said, bool token, string expected)
    {
        Hub.Intercept = async (path, context) =>
        {
            if (!path.StartsWith("/api/", StringComparison.Ordinal)) return false;
            await FakeHub.Fail(context, status, code, said?.Replace("\u0001", "", StringComparison.Ordinal));
            return true;
        };
        await Refused(new HubRequest(FakeHub.Id), expected.Replace("ENDPOINT", Hub.Endpoint, StringComparison.Ordinal), Options with { Token = token ? "hf_x" : null });
        Assert.Equal(status is 429 or 503 ? 3 : 1, Hub.Requests.Count);
    }

    [Fact]
    public async Task A_gate_in_front_of_the_files_is_told_as_well()
    {
        AddModel();
        Hub.Intercept = async (path, context) =>
        {
            if (path.StartsWith("/api/", StringComparison.Ordinal)) return false;
            await FakeHub.Fail(context, 403, "GatedRepo");
            return true;
        };
        await Refused(new HubRequest(FakeHub.Id), "is a gated repository");
    }

    [Fact]
    public async Task A_rate_limit_is_waited_for()
    {
        AddModel();
        var refused = 0;
        Hub.Intercept = async (path, context) =>
        {
            if (path.StartsWith("cdn:", StringComparison.Ordinal) || Interlocked.Increment(ref refused) > 2) return false;
            context.Response.Headers.RetryAfter = "1";
            await FakeHub.Fail(context, 429);
            return true;
        };
        var watch = Stopwatch.StartNew();
        await DownloadAsync(options: Options with { MaxRetryDelay = TimeSpan.FromSeconds(5) });
        Assert.InRange(watch.Elapsed.TotalSeconds, 1.9, 8);
    }

    [Fact]
    public async Task Errors_of_the_server_in_every_place_are_tried_again()
    {
        AddModel();
        var seen = new HashSet<string>();
        Hub.Intercept = async (path, context) =>
        {
            lock (seen) if (!seen.Add($"{context.Request.Method} {path}")) return false;
            await FakeHub.Fail(context, 502);
            return true;
        };
        await DownloadAsync();
        Assert.Contains("GET cdn:/model.safetensors", seen);
    }

    [Fact]
    public async Task A_Hub_that_does_not_answer_is_replaced_by_the_cache()
    {
        AddModel();
        var folder = await DownloadAsync();
        Hub.Intercept = async (_, context) =>
        {
            await FakeHub.Fail(context, 503);
            return true;
        };
        var progress = new RecordingProgress();
        using var hub = new HubDownloader(Options);
        Assert.Equal(folder, await hub.DownloadAsync(new HubRequest(FakeHub.Id), progress));
        Assert.Contains("using the copy in the cache", Assert.Single(progress.Notes));
        await Refused(new HubRequest(FakeHub.Id) { CacheDirectory = Path.Combine(Cache, "other") }, "answered 503");
    }

    [Fact]
    public async Task A_Hub_that_cannot_be_reached_is_one_line()
    {
        var nobody = Options with { Endpoint = "http://127.0.0.1:9" };
        await Refused(new HubRequest(FakeHub.Id), "http://127.0.0.1:9 cannot be reached", nobody);
        var error = await Assert.ThrowsAsync<SglException>(() => ModelPath.LocateAsync(FakeHub.Id, nobody));
        Assert.Contains("there is no folder owner/model here", error.Message);
    }

    [Fact]
    public async Task The_token_goes_to_the_Hub_and_nowhere_else()
    {
        AddModel();
        await DownloadAsync(options: Options with { Token = "hf_secret" });
        Assert.All(Hub.Requests, r => Assert.Equal(r.Path.StartsWith("cdn:", StringComparison.Ordinal) ? "" : "Bearer hf_secret", r.Authorization));
        Assert.Contains(Hub.Requests, r => r.Path.StartsWith("cdn:", StringComparison.Ordinal));
        Assert.DoesNotContain("hf_secret", (Options with { Token = "hf_secret" }).ToString());
    }

    [Fact]
    public async Task A_renamed_repository_is_followed_by_relative_and_absolute_redirects()
    {
        AddModel();
        Hub.Intercept = (path, context) =>
        {
            if (!path.Contains("/old/name", StringComparison.Ordinal)) return Task.FromResult(false);
            var target = path.Replace("/old/name", "/owner/model", StringComparison.Ordinal);
            context.Response.Redirect(path.StartsWith("/api", StringComparison.Ordinal) ? Hub.Endpoint + target : target, permanent: true, preserveMethod: true);
            return Task.FromResult(true);
        };
        var folder = await DownloadAsync(new HubRequest("old/name"), Options with { Token = "hf_secret" });
        Assert.Contains("models--old--name", folder);
        Assert.True(File.Exists(Path.Combine(folder, "model.safetensors")));
        Assert.All(Hub.Requests.Where(r => !r.Path.StartsWith("cdn:", StringComparison.Ordinal)), r => Assert.Equal("Bearer hf_secret", r.Authorization));
    }

    [Fact]
    public async Task Redirects_without_end_and_to_elsewhere_are_refused()
    {
        Hub.Intercept = (_, context) =>
        {
            context.Response.Redirect(context.Request.Path);
            return Task.FromResult(true);
        };
        await Refused(new HubRequest(FakeHub.Id), "redirects without end");
        Hub.Intercept = (_, context) =>
        {
            context.Response.Redirect("file:///etc/passwd");
            return Task.FromResult(true);
        };
        await Refused(new HubRequest(FakeHub.Id), "not safe");
    }

    [Theory]
    [InlineData("../../escape.json")]
    [InlineData("/etc/escape.json")]
    [InlineData("a\\..\\escape.json")]
    [InlineData("additional_chat_templates/../../escape.jinja")]
    [InlineData("C:escape.json")]
    public async Task A_file_name_that_leaves_the_folder_is_refused(string name)
    {
        AddModel();
        Hub.ExtraNames.Add(name);
        await Refused(new HubRequest(FakeHub.Id), "outside its folder");
        Assert.False(Directory.Exists(Cache) && Directory.EnumerateFiles(Cache, "*escape*", SearchOption.AllDirectories).Any());
    }

    [Theory]
    [InlineData("\"../../../evil\"")]
    [InlineData("")]
    public async Task An_etag_that_is_no_name_is_refused(string etag)
    {
        AddModel();
        Hub.Intercept = (path, context) =>
        {
            if (context.Request.Method != "HEAD" || !path.EndsWith("/config.json", StringComparison.Ordinal)) return Task.FromResult(false);
            context.Response.Headers.ETag = etag;
            return Task.FromResult(true);
        };
        await Refused(new HubRequest(FakeHub.Id), "no usable ETag for config.json");
    }

    [Theory]
    [InlineData("<html>proxy login</html>")]
    [InlineData("{}")]
    [InlineData("[]")]
    [InlineData("""{"sha":"../x","siblings":[]}""")]
    [InlineData("""{"sha":"abc","siblings":[{"rfilename":3}]}""")]
    [InlineData("""{"sha":"abc","siblings":5}""")]
    public async Task An_answer_that_is_not_the_Hubs_is_told(string body)
    {
        Hub.Intercept = async (_, context) =>
        {
            await context.Response.WriteAsync(body);
            return true;
        };
        await Refused(new HubRequest(FakeHub.Id), "did not answer as the Hub does");
    }

    [Fact]
    public async Task A_repository_that_cannot_be_served_says_why()
    {
        Hub.Add("model.safetensors", "x");
        await Refused(new HubRequest(FakeHub.Id), "has no config.json");
        Hub.Files.Clear();
        Hub.Add("config.json", "{}");
        Hub.Add("model-q4_k_m.gguf", "x");
        await Refused(new HubRequest(FakeHub.Id), "owner/model has no *.safetensors weights, only model-q4_k_m.gguf");
        Hub.Add("model.safetensors.index.json", """{"weight_map":{"a":"gone.safetensors"}}""");
        await Refused(new HubRequest(FakeHub.Id), "names gone.safetensors, which it does not have");
        Assert.DoesNotContain(Hub.Requests, r => r.Path.EndsWith(".gguf", StringComparison.Ordinal));
    }

    private void AddModel()
    {
        Hub.Add("config.json", "{\"architectures\":[]}");
        Hub.AddRandom("model.safetensors", 2000);
    }
}
