using System.Diagnostics;
using System.Text.Json.Nodes;
using SglNative.Server.Tests.Serving;
using SglNative.Testing;

namespace SglNative.Server.Tests.Clients;

/// <summary>The official npm client talks with the demo model; where node or npm or its packages are not to be had, the test says so.</summary>
public class OpenAiNpmTests(DemoServer demo)
{
    [Fact]
    public async Task A_chat_is_answered_and_streamed()
    {
        var folder = await InstallAsync();
        var (code, output, error) = await RunAsync("node", folder, "chat.mjs", new Uri(demo.Server.Address, "v1").ToString());
        Assert.True(code == 0, error);
        var result = JsonNode.Parse(output)!;
        var text = result["text"]!.GetValue<string>();
        Assert.NotEmpty(text);
        Assert.Equal(text, result["streamed"]!.GetValue<string>());
        Assert.True(result["events"]!.GetValue<int>() > 3);
        Assert.Equal(result["finish"]!.GetValue<string>(), result["streamedFinish"]!.GetValue<string>());
        Assert.Equal(result["usage"]!.ToJsonString(), result["streamedUsage"]!.ToJsonString());
        Assert.Equal("demo", result["models"]![0]!.GetValue<string>());
        Assert.Equal("demo", result["model"]!.GetValue<string>());
        Assert.Equal(400, result["status"]!.GetValue<int>());
        Assert.Contains("temperature is -1", result["message"]!.GetValue<string>(), StringComparison.Ordinal);
        Assert.NotEmpty(result["completion"]!.GetValue<string>());
    }

    // The packages are fetched once, into a folder outside the sources, and found there by later runs.
    private static async Task<string> InstallAsync()
    {
        var source = Path.Combine(TestFiles.Root, "tests", "SglNative.Server.Tests", "Clients", "npm");
        Assert.SkipUnless(File.Exists(Path.Combine(source, "package-lock.json")), "the sources of this test are not here");
        var folder = Path.Combine(TestFiles.Root, "artifacts", "npm-openai");
        Directory.CreateDirectory(folder);
        foreach (var file in Directory.GetFiles(source)) File.Copy(file, Path.Combine(folder, Path.GetFileName(file)), overwrite: true);
        var stamp = Path.Combine(folder, "installed.txt");
        var wanted = await File.ReadAllTextAsync(Path.Combine(source, "package-lock.json"));
        if (File.Exists(stamp) && await File.ReadAllTextAsync(stamp) == wanted) return folder;
        var (code, _, error) = await RunAsync("npm", folder, "ci", "--no-audit", "--no-fund", "--ignore-scripts", "--prefer-offline");
        Assert.SkipUnless(code == 0, $"npm cannot fetch the client: {error.Trim().ReplaceLineEndings(" ")}");
        await File.WriteAllTextAsync(stamp, wanted);
        return folder;
    }

    private static async Task<(int Code, string Output, string Error)> RunAsync(string program, string folder, params string[] args)
    {
        var start = new ProcessStartInfo(program, args) { WorkingDirectory = folder, RedirectStandardOutput = true, RedirectStandardError = true };
        Process process;
        try
        {
            process = Process.Start(start)!;
        }
        catch (System.ComponentModel.Win32Exception)
        {
            Assert.Skip($"there is no {program} on this machine");
            throw;
        }
        using (process)
        {
            var error = process.StandardError.ReadToEndAsync();
            var output = await process.StandardOutput.ReadToEndAsync();
            await process.WaitForExitAsync();
            return (process.ExitCode, output, await error);
        }
    }
}
