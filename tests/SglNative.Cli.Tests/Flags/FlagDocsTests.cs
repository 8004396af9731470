using SglNative.Cli.Commands;
using SglNative.Testing;

namespace SglNative.Cli.Tests.Flags;

public class FlagDocsTests
{
    [Fact]
    public void The_committed_page_is_what_the_table_says() =>
        Assert.Equal(File.ReadAllText(Path.Combine(TestFiles.Root, "docs", "flags.md")), FlagDocs.Page());

    [Fact]
    public void The_page_has_every_flag_in_rows_of_five_cells()
    {
        var rows = FlagDocs.Page().Split('\n').Where(line => line.StartsWith("| `--", StringComparison.Ordinal)).ToArray();
        Assert.Equal(BenchOneBatchFlags.Table.Flags.Count(), rows.Length);
        Assert.All(rows, row => Assert.Equal(6, row.Replace("\\|", "", StringComparison.Ordinal).Count(c => c == '|')));
    }
}
