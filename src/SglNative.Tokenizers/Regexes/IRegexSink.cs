namespace SglNative.Tokenizers.Regexes;

/// <summary>Takes matches as they are found.</summary>
internal interface IRegexSink
{
    void Match(int start, int end);
}
