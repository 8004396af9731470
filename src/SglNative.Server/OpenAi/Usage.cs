namespace SglNative.Server.OpenAi;

/// <summary>Tokens of a request.</summary>
internal sealed record Usage(int PromptTokens, int TotalTokens, int CompletionTokens)
{
    public static Usage Of(int prompt, int completion) => new(prompt, prompt + completion, completion);
}
