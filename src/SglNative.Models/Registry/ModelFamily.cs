using System.Text;

namespace SglNative.Models.Registry;

/// <summary>File-style names of families.</summary>
public static class ModelFamily
{
    private static readonly string[] Endings = ["ForCausalLM", "ForConditionalGeneration", "LMHeadModel"];

    /// <summary><c>Qwen2MoeForCausalLM</c> → <c>qwen2_moe</c>.</summary>
    public static string Of(string architecture)
    {
        ArgumentNullException.ThrowIfNull(architecture);
        var stem = Array.Find(Endings, end => architecture.Length > end.Length && architecture.EndsWith(end, StringComparison.Ordinal)) is { } ending
            ? architecture[..^ending.Length]
            : architecture;
        var name = new StringBuilder();
        for (var i = 0; i < stem.Length; i++)
        {
            // A word begins at a capital after a small letter or digit, or before a small one after capitals.
            if (i > 0 && char.IsAsciiLetterUpper(stem[i]) && (!char.IsAsciiLetterUpper(stem[i - 1]) || (i + 1 < stem.Length && char.IsAsciiLetterLower(stem[i + 1]))))
                name.Append('_');
            name.Append(char.ToLowerInvariant(stem[i]));
        }
        return name.ToString();
    }

    /// <summary>True when <paramref name="name"/>, file-style or a class, means <paramref name="model"/>; case and underscores do not count.</summary>
    public static bool Matches(string name, RegisteredModel model)
    {
        ArgumentNullException.ThrowIfNull(model);
        var wanted = Plain(name);
        return wanted.Length > 0 && (wanted == Plain(model.Family) || wanted == Plain(model.Name) || wanted == Plain(model.ClassName) || wanted == Plain(Of(model.Name)));
    }

    private static string Plain(string name) => new([.. name.Where(char.IsAsciiLetterOrDigit).Select(char.ToLowerInvariant)]);
}
