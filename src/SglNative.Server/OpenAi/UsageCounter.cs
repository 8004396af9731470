using SglNative.Engine.Generation;

namespace SglNative.Server.OpenAi;

/// <summary>Adds up the tokens of a request with several outputs, and of several prompts.</summary>
internal sealed class UsageCounter
{
    private readonly Dictionary<int, (int Prompt, int Completion)> _outputs = [];
    private readonly int _outputsPerPrompt;

    /// <summary>Counts outputs of which <paramref name="outputsPerPrompt"/> share a prompt; 0 when all do.</summary>
    public UsageCounter(int outputsPerPrompt = 0) => _outputsPerPrompt = outputsPerPrompt;

    public Usage Usage => Usage.Of(
        _outputs.Where(o => _outputsPerPrompt == 0 ? o.Key == _outputs.Keys.Min() : o.Key % _outputsPerPrompt == 0).Sum(o => o.Value.Prompt),
        _outputs.Values.Sum(o => o.Completion));

    public void Add(GenerateChunk chunk) => _outputs[chunk.Index] = (chunk.PromptTokens, chunk.CompletionTokens);
}
