namespace SglNative.Tokenizers.Regexes;

internal enum AnchorKind
{
    TextStart,
    TextEnd,
    TextEndOrLastNewline,
    LineStart,
    LineEnd,
    WordBoundary,
    NotWordBoundary,
    SearchStart,
}
