namespace SglNative.Tokenizers.ChatTemplates.Values;

/// <summary>What an unset variable and an omitted argument hold.</summary>
internal sealed class Missing
{
    public static readonly Missing Value = new();

    private Missing() { }
}
