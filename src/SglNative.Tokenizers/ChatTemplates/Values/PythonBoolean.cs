namespace SglNative.Tokenizers.ChatTemplates.Values;

/// <summary>The two booleans as objects, so that identity tests hold and nothing is boxed.</summary>
internal static class PythonBoolean
{
    public static readonly object True = true;
    public static readonly object False = false;

    public static object Of(bool value) => value ? True : False;
}
