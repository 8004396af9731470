using SglNative.Cli.Commands;
using SglNative.Models.Registry;
using SglNative.Testing;

namespace SglNative.Cli.Tests.Commands;

public class ModelDocsTests
{
    private static readonly string Page = ModelDocs.Page(ModelRegistry.Default, TestFiles.Goldens);

    [Fact]
    public void The_committed_page_is_what_registry_and_goldens_say() =>
        Assert.Equal(File.ReadAllText(Path.Combine(TestFiles.Root, "docs", "supported-models.md")), Page);

    [Fact]
    public void Every_architecture_has_a_row_and_a_golden()
    {
        foreach (var model in ModelRegistry.Default.Models)
            Assert.DoesNotContain("nothing yet", Assert.Single(Page.Split('\n'), line => line.StartsWith($"| `{model.Name}` |", StringComparison.Ordinal)), StringComparison.Ordinal);
    }
}
