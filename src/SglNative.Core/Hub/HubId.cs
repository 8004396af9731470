namespace SglNative.Core.Hub;

/// <summary>A repository of the Hub: <c>owner/name</c>.</summary>
internal sealed record HubId
{
    private const int MaxLength = 96;

    private HubId(string owner, string name) => (Owner, Name) = (owner, name);

    public string Owner { get; }

    public string Name { get; }

    /// <summary>The repository's folder in a cache.</summary>
    public string FolderName => $"models--{Owner}--{Name}";

    /// <summary>Reads <c>owner/name</c>; null when it is not of that form.</summary>
    public static HubId? TryParse(string text)
    {
        var parts = text.Split('/');
        return parts.Length == 2 && text.Length <= MaxLength && parts.All(IsName) ? new HubId(parts[0], parts[1]) : null;
    }

    /// <exception cref="SglException">It is not of the form <c>owner/name</c>.</exception>
    public static HubId Parse(string text) => TryParse(text)
        ?? throw new SglException($"{MessageText.Quote(text)} is not a Hub id: expected owner/name of letters, digits, '-', '_' and '.'");

    public override string ToString() => $"{Owner}/{Name}";

    private static bool IsName(string part) =>
        part.Length > 0 && part.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_' or '.')
        && part[0] is not ('-' or '.') && part[^1] is not ('-' or '.')
        && !part.Contains("--", StringComparison.Ordinal) && !part.Contains("..", StringComparison.Ordinal);
}
