using System.Text;
using SglNative.Engine.Generation;
using SglNative.Tokenizers;

namespace SglNative.Server.OpenAi;

/// <summary>Writes log probabilities with the tokens' texts.</summary>
internal sealed class LogProbText(HfTokenizer? tokenizer)
{
    /// <summary>A token's own text; bytes that are no whole character become U+FFFD.</summary>
    public string Token(int id) => tokenizer is null ? $"token_id:{id}" : Encoding.UTF8.GetString(tokenizer.TokenBytes(id));

    public ChatLogProbs Chat(IEnumerable<PositionLogProbs> positions) =>
        new([.. positions.Select(p => new ChatTokenLogProb(Token(p.Token.TokenId), p.Token.LogProb ?? 0, Bytes(p.Token.TokenId),
            [.. p.Top.Select(top => new ChatTopLogProb(Token(top.TokenId), top.LogProb ?? 0, Bytes(top.TokenId)))]))]);

    /// <summary>The older form; <paramref name="offset"/> is where the first token's text begins, and moves on.</summary>
    public CompletionLogProbs Completion(IEnumerable<PositionLogProbs> positions, ref int offset)
    {
        var tokens = new List<string>();
        var values = new List<float?>();
        var top = new List<IReadOnlyDictionary<string, float>?>();
        var offsets = new List<int>();
        foreach (var p in positions)
        {
            var text = Token(p.Token.TokenId);
            tokens.Add(text);
            values.Add(p.Token.LogProb);
            offsets.Add(offset);
            offset += text.Length;
            var alternatives = new Dictionary<string, float>();
            foreach (var t in p.Top) alternatives.TryAdd(Token(t.TokenId), t.LogProb ?? 0);
            top.Add(p.Token.LogProb is null ? null : alternatives);
        }
        return new CompletionLogProbs(tokens, values, top, offsets);
    }

    private int[] Bytes(int id) => tokenizer is null ? [] : [.. tokenizer.TokenBytes(id).Select(b => (int)b)];
}
