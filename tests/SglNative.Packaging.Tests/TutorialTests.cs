namespace SglNative.Packaging.Tests;

/// <summary>docs/adding-a-model.md, command by command: from <c>dotnet new</c> to a served model and back.</summary>
public sealed class TutorialTests(Workspace workspace)
{
    [Fact]
    public async Task Every_command_of_the_page_does_what_it_says()
    {
        Assert.Contains("SglNative.Models.0.1.0.nupkg", workspace.Packed, StringComparison.Ordinal);
        var output = await workspace.SucceedAsync(string.Join("\n", TutorialPage.Commands.Skip(1)));
        Assert.Contains("MyModelForCausalLM is the first, served by MyModelForCausalLM (MyModel 1.0.0), external package, --plugin-project .", output, StringComparison.Ordinal);
        Assert.Contains("Installed MyModel 1.0.0", output, StringComparison.Ordinal);
        Assert.Matches(@"MyModelForCausalLM\s+MyModelForCausalLM \(MyModel 1.0.0\)\s+my_model, installed", output);
        Assert.Contains("PASS", output, StringComparison.Ordinal);
        Assert.Equal(2, output.Split("\"output_ids\"").Length - 1);
        Assert.Contains("Removed MyModel 1.0.0", output, StringComparison.Ordinal);

        var (code, refusal) = await workspace.RunAsync("sgl-native serve --model-path MyModel/tests/MyModel.Tests/checkpoint --skip-tokenizer-init --device cpu --port 0");
        Assert.Equal(1, code);
        Assert.Contains("error: Model architectures [MyModelForCausalLM] are not supported for now. Supported architectures: ", refusal, StringComparison.Ordinal);
        Assert.Contains("came from the plugin MyModel 1.0.0, which was removed: sgl-native plugin install MyModel@1.0.0 --source", refusal, StringComparison.Ordinal);
    }

    [Fact]
    public void No_command_stands_where_it_would_not_be_run()
    {
        Assert.All(TutorialPage.Blocks, block => Assert.Contains(block.Language, new[] { "sh", "csharp", "json" }));
        var run = string.Join('\n', TutorialPage.Commands);
        Assert.True(TutorialPage.Named.Count >= 3, string.Join("; ", TutorialPage.Named));
        Assert.All(TutorialPage.Named, command => Assert.Contains(command, run, StringComparison.Ordinal));
    }
}
