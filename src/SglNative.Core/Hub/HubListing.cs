using System.Text.Json;
using System.Text.RegularExpressions;

namespace SglNative.Core.Hub;

/// <summary>
/// Reads what the Hub's API says of a repository. Anything unexpected surfaces as <see cref="InvalidOperationException"/>,
/// <see cref="KeyNotFoundException"/> or <see cref="JsonException"/>.
/// </summary>
internal static partial class HubListing
{
    /// <summary>A listing that goes on beyond this is not one of a model.</summary>
    public const int MaxFiles = 1_000_000;

    /// <summary>The commit of a revision, and its files where the answer has them.</summary>
    public static (string Commit, IReadOnlyList<string>? Files) ReadRevision(JsonElement root)
    {
        var commit = root.GetProperty("sha").GetString() ?? "";
        if (!HubName.IsPlain(commit)) throw new InvalidOperationException($"the commit {MessageText.Quote(commit)} is none");
        return (commit, root.TryGetProperty("siblings", out var siblings) && siblings.ValueKind != JsonValueKind.Null ? Names(siblings, "rfilename") : null);
    }

    /// <summary>One page of a tree: its files, and the address of the next page.</summary>
    public static (IReadOnlyList<string> Files, string? Next) ReadTree(JsonElement root, HttpResponseMessage response)
    {
        var files = root.EnumerateArray().Where(e => e.GetProperty("type").GetString() == "file").Select(e => e.GetProperty("path").GetString() ?? "").ToArray();
        var link = response.Headers.NonValidated.TryGetValues("Link", out var values) ? NextLink().Match(values.ToString()) : null;
        return (files, link is { Success: true } ? link.Groups[1].Value : null);
    }

    private static string[] Names(JsonElement array, string property) =>
        array.EnumerateArray().Select(e => e.GetProperty(property).GetString() ?? "").ToArray();

    [GeneratedRegex("<([^>]*)>; *rel=\"next\"")]
    private static partial Regex NextLink();
}
