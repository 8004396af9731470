namespace SglNative.Tokenizers.Unicode;

/// <summary>Code points First to Last, both included.</summary>
internal readonly record struct CodePointRange(int First, int Last);
