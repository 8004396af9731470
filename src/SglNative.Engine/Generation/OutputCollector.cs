using System.Text;

namespace SglNative.Engine.Generation;

/// <summary>Puts the chunks of a request together again.</summary>
internal sealed class OutputCollector(GenerateRequest request)
{
    private readonly SortedDictionary<int, Output> _outputs = [];

    public void Add(GenerateChunk chunk)
    {
        if (!_outputs.TryGetValue(chunk.Index, out var output)) _outputs[chunk.Index] = output = new Output();
        output.Text.Append(chunk.Text);
        output.TokenIds.AddRange(chunk.TokenIds);
        output.LogProbs.AddRange(chunk.LogProbs);
        output.PromptLogProbs.AddRange(chunk.PromptLogProbs);
        output.Last = chunk;
    }

    public IReadOnlyList<GenerateOutput> Outputs() =>
    [
        .. _outputs.Select(pair => new GenerateOutput
        {
            RequestId = request.RequestId ?? "",
            Index = pair.Key,
            Text = pair.Value.Text.ToString(),
            TokenIds = pair.Value.TokenIds,
            LogProbs = pair.Value.LogProbs,
            PromptLogProbs = pair.Value.PromptLogProbs,
            Finish = pair.Value.Last!.Finish ?? new FinishReason.Abort("the output has no end", IsError: true),
            PromptTokens = pair.Value.Last.PromptTokens,
            CachedTokens = pair.Value.Last.CachedTokens,
            Retractions = pair.Value.Last.Retractions,
        }),
    ];

    private sealed class Output
    {
        public StringBuilder Text { get; } = new();

        public List<int> TokenIds { get; } = [];

        public List<PositionLogProbs> LogProbs { get; } = [];

        public List<PositionLogProbs> PromptLogProbs { get; } = [];

        public GenerateChunk? Last { get; set; }
    }
}
