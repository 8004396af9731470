using System.Text.Json;
using SglNative.Engine.Configuration;
using SglNative.Engine.Generation;
using SglNative.Engine.Sampling;

namespace SglNative.Engine.Tests.Goldens;

/// <summary>A real trained model, read in place: its golden greedy ids, and the text through its own tokenizer.</summary>
public class StoriesTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(16)]
    [InlineData(64)]
    public async Task Stories260K_tells_its_story(int pageSize)
    {
        var folder = TestFiles.Shared is { } shared ? Path.Combine(shared, "models", "stories260K") : "";
        Assert.SkipUnless(Directory.Exists(folder), "models/stories260K is not here: it is third-party data that lies beside the repository (../shared or $SGL_SHARED)");
        using var golden = JsonDocument.Parse(File.ReadAllText(Path.Combine(folder, "golden.json")));
        int[] ids = [.. golden.RootElement.GetProperty("ids").EnumerateArray().Select(id => id.GetInt32())];
        var text = golden.RootElement.GetProperty("text").GetString()!;
        Assert.Equal(201, ids.Length);

        using var engine = await Engine.StartAsync(new ServerArgs { ModelPath = folder, Device = DeviceChoice.Cpu, PageSize = pageSize, MaxTotalTokens = 1024 });
        var output = await engine.OneAsync(new GenerateRequest
        {
            InputIds = ids[..1], Sampling = new SamplingParams { MaxNewTokens = 200, Temperature = 0, IgnoreEos = true },
        });
        Assert.Equal(ids[1..], output.TokenIds);
        Assert.Equal(text.Trim(), engine.Tokenizer!.Decode(ids, skipSpecialTokens: true).Trim());
        Assert.Equal(text.Trim(), output.Text.Trim());
    }
}
