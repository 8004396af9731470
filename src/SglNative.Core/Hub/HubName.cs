namespace SglNative.Core.Hub;

/// <summary>Checks names that come from the network or the user before they become parts of local paths.</summary>
internal static class HubName
{
    /// <summary>True for a relative path that stays below where it is put: <c>additional_chat_templates/rag.jinja</c>.</summary>
    public static bool IsRelativePath(string path) =>
        path.Length > 0 && !path.Any(c => char.IsControl(c) || c is '\\' or ':') && !path.Split('/').Any(part => part is "" or "." or "..");

    /// <summary>True for a single, plain file name such as an etag or a commit.</summary>
    public static bool IsPlain(string name) =>
        name is { Length: > 0 and <= 200 } && name[0] != '.' && name.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_' or '.');

    /// <summary>True for the 40 hexadecimal digits of a commit.</summary>
    public static bool IsCommit(string revision) => revision.Length == 40 && revision.All(char.IsAsciiHexDigitLower);

    /// <exception cref="SglException">The revision could leave the folder it is kept in.</exception>
    public static string RequireRevision(string revision) => IsRelativePath(revision)
        ? revision
        : throw new SglException($"{MessageText.Quote(revision)} is not a revision: expected a branch, a tag or a commit");
}
