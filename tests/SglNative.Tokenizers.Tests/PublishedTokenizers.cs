using SglNative.Testing;

namespace SglNative.Tokenizers.Tests;

/// <summary>Published tokenizers: $SGL_TOKENIZERS/NAME (scripts/fetch-tokenizers.sh fills it), else the shared folder's.</summary>
internal static class PublishedTokenizers
{
    private static string? Fetched => Environment.GetEnvironmentVariable("SGL_TOKENIZERS");

    public static string? Find(string name)
    {
        foreach (var root in new[] { Fetched, TestFiles.Shared is { } shared ? Path.Combine(shared, "tokenizers") : null })
            if (root is not null && File.Exists(Path.Combine(root, name, "tokenizer.json"))) return Path.Combine(root, name);
        return null;
    }

    public static HfTokenizer Load(string name)
    {
        var path = Find(name);
        if (path is null) Assert.Skip($"the tokenizer {name} is in neither $SGL_TOKENIZERS nor the shared folder");
        return HfTokenizer.Load(path);
    }
}
