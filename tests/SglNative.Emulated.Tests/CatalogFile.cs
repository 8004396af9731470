using SglNative.Testing;

namespace SglNative.Emulated.Tests;

/// <summary>A line of <c>kernels/catalog.txt</c>, which a test holds equal to the program's own catalogue.</summary>
/// <param name="Architectures">Those it is compiled for; <c>all</c>, or names with commas between them.</param>
/// <param name="File">The source, from the root of kernels/.</param>
/// <param name="Instantiation">The C++ expression.</param>
public sealed record CatalogFile(string Architectures, string File, string Instantiation)
{
    /// <summary>The instantiation without its arguments.</summary>
    public string Template => Instantiation.Split('<')[0];

    /// <summary>Whether it ships for an architecture, such as sm_90a.</summary>
    public bool IsFor(string architecture) => Architectures == "all" || Architectures.Split(',').Contains(architecture);

    /// <summary>All lines; the test is skipped where the sources are not.</summary>
    public static IReadOnlyList<CatalogFile> Read()
    {
        var path = Path.Combine(TestFiles.Root, "kernels", "catalog.txt");
        if (!System.IO.File.Exists(path)) Assert.Skip("the sources are not here");
        return [.. System.IO.File.ReadLines(path).Select(line => line.Split(' ', 3)).Select(parts => new CatalogFile(parts[0], parts[1], parts[2]))];
    }
}
