using SglNative.Cli.Commands;
using SglNative.Testing;

namespace SglNative.Cli.Tests.Commands;

public class OpsDocsTests
{
    [Fact]
    public void The_committed_page_is_what_the_operations_say() =>
        Assert.Equal(File.ReadAllText(Path.Combine(TestFiles.Root, "docs", "ops.md")), OpsDocs.Page());

    [Fact]
    public void Every_operation_says_something() =>
        Assert.DoesNotContain(" |  |", OpsDocs.Page(), StringComparison.Ordinal);
}
