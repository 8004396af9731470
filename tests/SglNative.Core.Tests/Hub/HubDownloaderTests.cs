using SglNative.Core.Checkpoints;
using SglNative.Core.Hub;
using SglNative.Core.Tests.Checkpoints;

namespace SglNative.Core.Tests.Hub;

/// <summary>What is downloaded, and where it lies afterwards.</summary>
public sealed class HubDownloaderTests : HubTestBase
{
    [Fact]
    public async Task Downloads_just_what_is_needed_into_the_standard_layout()
    {
        AddModel(shards: 2);
        Hub.Add("tokenizer.json", "{\"t\":1}");
        Hub.Add("chat_template.jinja", "x");
        Hub.Add("additional_chat_templates/rag.jinja", "y");
        foreach (var unwanted in new[] { "pytorch_model.bin", "README.md", "original/model.safetensors", "original/consolidated.00.pth", "consolidated.safetensors",
                     "model.gguf", "onnx/model.onnx", "flax_model.msgpack", "training_args.bin", "imatrix.dat", "adapter_model.safetensors" })
            Hub.Add(unwanted, "unwanted");

        var folder = await DownloadAsync();

        Assert.Equal(Path.Combine(Cache, "models--owner--model", "snapshots", FakeHub.Commit), folder);
        Assert.Equal(
            ["additional_chat_templates/rag.jinja", "chat_template.jinja", "config.json", "generation_config.json", "model-1.safetensors", "model-2.safetensors",
             "model.safetensors.index.json", "tokenizer.json"],
            Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories).Select(f => Path.GetRelativePath(folder, f)).Order(StringComparer.Ordinal));
        Assert.Equal(FakeHub.Commit, File.ReadAllText(Path.Combine(Cache, "models--owner--model", "refs", "main")));
        Assert.Equal($"../../blobs/{Hub.ETag("config.json")}", new FileInfo(Path.Combine(folder, "config.json")).LinkTarget);
        Assert.Equal($"../../../blobs/{Hub.ETag("additional_chat_templates/rag.jinja")}",
            new FileInfo(Path.Combine(folder, "additional_chat_templates", "rag.jinja")).LinkTarget);
        Assert.Equal(8, Directory.GetFiles(Path.Combine(Cache, "models--owner--model", "blobs")).Length);
        using var checkpoint = Checkpoint.Open(folder);
        Assert.Equal(["a1", "a2"], checkpoint.Tensors.Keys);
        Assert.Equal(Hub.Files["model-2.safetensors"], File.ReadAllBytes(Path.Combine(folder, "model-2.safetensors")));
    }

    [Fact]
    public async Task A_second_download_transfers_nothing()
    {
        AddModel(shards: 2);
        var first = await DownloadAsync();
        Hub.Requests.Clear();
        Assert.Equal(first, await DownloadAsync());
        Assert.Equal(["/api/models/owner/model/revision/main"], Hub.Requests.Select(r => r.Path));
        Hub.Requests.Clear();
        Assert.Equal(first, await DownloadAsync(new HubRequest(FakeHub.Id) { Revision = FakeHub.Commit }));
        Assert.Empty(Hub.Requests);
    }

    [Fact]
    public async Task Several_files_come_at_once()
    {
        AddModel(shards: 6);
        await DownloadAsync();
        Assert.InRange(Hub.Peak, 2, 8);
    }

    [Fact]
    public async Task Files_of_the_same_content_share_a_blob()
    {
        AddModel();
        Hub.Add("tokenizer.json", "{}");
        Hub.Add("added_tokens.json", "{}");
        var folder = await DownloadAsync();
        Assert.Equal("{}", File.ReadAllText(Path.Combine(folder, "added_tokens.json")));
        Assert.Single(Hub.Transfers, r => r.Path.EndsWith("tokenizer.json", StringComparison.Ordinal) || r.Path.EndsWith("added_tokens.json", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Without_weights_only_the_small_files_come()
    {
        AddModel(shards: 2);
        var folder = await DownloadAsync(new HubRequest(FakeHub.Id) { IncludeWeights = false });
        Assert.Equal(["config.json", "generation_config.json"], Directory.GetFiles(folder).Select(Path.GetFileName).Order());
    }

    [Fact]
    public async Task A_revision_with_slashes_is_kept_under_refs()
    {
        AddModel();
        await DownloadAsync(new HubRequest(FakeHub.Id) { Revision = "refs/pr/1" });
        Assert.Equal(FakeHub.Commit, File.ReadAllText(Path.Combine(Cache, "models--owner--model", "refs", "refs", "pr", "1")));
        await Refused(new HubRequest(FakeHub.Id) { Revision = "../../x" }, "is not a revision");
    }

    [Fact]
    public async Task A_cache_that_another_tool_filled_is_used()
    {
        AddModel(shards: 1);
        // As other tools leave it: blobs by etag, relative links, and a file with nothing pointing to it yet.
        var repository = Path.Combine(Cache, "models--owner--model");
        var snapshot = Directory.CreateDirectory(Path.Combine(repository, "snapshots", FakeHub.Commit)).FullName;
        Directory.CreateDirectory(Path.Combine(repository, "blobs"));
        foreach (var (name, bytes) in Hub.Files)
        {
            File.WriteAllBytes(Path.Combine(repository, "blobs", Hub.ETag(name)), bytes);
            if (name != "model-1.safetensors") File.CreateSymbolicLink(Path.Combine(snapshot, name), $"../../blobs/{Hub.ETag(name)}");
        }
        Assert.Equal(snapshot, await DownloadAsync());
        Assert.Empty(Hub.Transfers);
        Assert.Equal(Hub.Files["model-1.safetensors"], File.ReadAllBytes(Path.Combine(snapshot, "model-1.safetensors")));
    }

    [Fact]
    public async Task A_dangling_link_is_filled_again()
    {
        AddModel();
        var folder = await DownloadAsync();
        File.Delete(Path.Combine(Cache, "models--owner--model", "blobs", Hub.ETag("config.json")));
        await DownloadAsync();
        Assert.Equal(Hub.Files["config.json"], File.ReadAllBytes(Path.Combine(folder, "config.json")));
    }

    [Fact]
    public async Task Where_links_cannot_be_made_files_are_copied()
    {
        AddModel();
        using var hub = new HubDownloader(Options) { SymbolicLinks = false };
        var folder = await hub.DownloadAsync(new HubRequest(FakeHub.Id));
        Assert.Null(new FileInfo(Path.Combine(folder, "model.safetensors")).LinkTarget);
        Assert.Equal(Hub.Files["model.safetensors"], File.ReadAllBytes(Path.Combine(folder, "model.safetensors")));
    }

    [Fact]
    public async Task Two_processes_transfer_each_file_once()
    {
        AddModel(shards: 4);
        var folders = await Task.WhenAll(Enumerable.Range(0, 3).Select(_ => DownloadAsync()));
        Assert.Single(folders.Distinct());
        Assert.All(Hub.Transfers.Where(r => r.Path.StartsWith("cdn:", StringComparison.Ordinal)).GroupBy(r => r.Path), g => Assert.Single(g));
    }

    [Fact]
    public async Task Offline_the_cache_is_all_there_is()
    {
        AddModel(shards: 2);
        var offline = Options with { Offline = true };
        var missing = await Assert.ThrowsAsync<SglException>(() => DownloadAsync(options: offline));
        Assert.Contains("HF_HUB_OFFLINE is set", missing.Message);
        var folder = await DownloadAsync();
        Hub.Requests.Clear();
        Assert.Equal(folder, await DownloadAsync(options: offline));
        File.Delete(Path.Combine(folder, "model-2.safetensors"));
        Assert.Contains("is not complete in the cache", (await Assert.ThrowsAsync<SglException>(() => DownloadAsync(options: offline))).Message);
        Assert.Empty(Hub.Requests);
    }

    [Fact]
    public async Task Too_little_disk_is_told_before_anything_is_transferred()
    {
        AddModel();
        using var hub = new HubDownloader(Options) { FreeSpace = _ => 1000 };
        var error = await Assert.ThrowsAsync<SglException>(() => hub.DownloadAsync(new HubRequest(FakeHub.Id)));
        Assert.Contains("1000 bytes are free", error.Message);
        Assert.Contains("--download-dir", error.Message);
        Assert.Empty(Hub.Transfers);
    }

    [Fact]
    public async Task The_real_disk_is_asked() => await Task.Run(() => Assert.True(DiskSpace.Free(Path.Combine(Cache, "not", "yet")) > 0));

    [Fact]
    public async Task A_cache_that_cannot_be_written_is_a_user_error()
    {
        AddModel();
        var file = Path.Combine(Directory.CreateDirectory(Cache).FullName, "file");
        File.WriteAllText(file, "");
        await Refused(new HubRequest(FakeHub.Id) { CacheDirectory = Path.Combine(file, "below") }, "choose another place");
    }

    [Fact]
    public async Task Progress_counts_every_byte_once()
    {
        AddModel(shards: 2);
        var progress = new RecordingProgress();
        using var hub = new HubDownloader(Options);
        await hub.DownloadAsync(new HubRequest(FakeHub.Id), progress);
        Assert.Equal(["owner/model configuration (3 files)", "owner/model weights (2 files)"], progress.Titles);
        Assert.Equal(progress.Total, progress.Done);
        Assert.Equal(Hub.Files.Values.Sum(f => (long)f.Length), progress.Total);
    }

    private void AddModel(int shards = 0)
    {
        Hub.Add("config.json", """{"architectures":["LlamaForCausalLM"]}""");
        Hub.Add("generation_config.json", """{"temperature":1}""");
        if (shards == 0)
        {
            Hub.Files["model.safetensors"] = Weights(0);
            return;
        }
        for (var i = 1; i <= shards; i++) Hub.Files[$"model-{i}.safetensors"] = Weights(i);
        Hub.Add("model.safetensors.index.json",
            $$$"""{"weight_map":{{{{string.Join(',', Enumerable.Range(1, shards).Select(i => $"\"a{i}\":\"model-{i}.safetensors\""))}}}}}""");
    }

    private static byte[] Weights(int i) => SafetensorsBytes.Of(
        $$$"""{"a{{{i}}}":{"dtype":"U8","shape":[{{{5000 + i}}}],"data_offsets":[0,{{{5000 + i}}}]}}""", 5000 + i);
}
