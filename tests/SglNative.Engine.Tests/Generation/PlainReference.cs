using SglNative.Engine.Configuration;
using SglNative.Engine.Loading;
using SglNative.Engine.Sampling;

namespace SglNative.Engine.Tests.Generation;

/// <summary>Greedy decoding with penalties as their definitions say it, from logits that are computed anew for every token.</summary>
internal static class PlainReference
{
    public static List<int> Greedy(ServerArgs args, LoadedModel loaded, int[] prompt, SamplingParams p, IReadOnlyCollection<int> ends)
    {
        var output = new List<int>();
        while (output.Count < p.MaxNewTokens)
        {
            var logits = LogitsCollector.Last(args, loaded, [.. prompt, .. output]);
            for (var token = 0; token < logits.Length; token++)
            {
                var count = output.Count(id => id == token);
                if (count > 0 || prompt.Contains(token))
                    logits[token] = logits[token] > 0 ? logits[token] / (p.RepetitionPenalty ?? 1) : logits[token] * (p.RepetitionPenalty ?? 1);
                logits[token] -= count * p.FrequencyPenalty + (count > 0 ? p.PresencePenalty : 0);
                logits[token] += p.LogitBias?.GetValueOrDefault(token) ?? 0;
                if (output.Count < p.MinNewTokens && ends.Contains(token)) logits[token] = float.NegativeInfinity;
            }
            output.Add(Array.IndexOf(logits, logits.Max()));
            if (ends.Contains(output[^1])) break;
        }
        return output;
    }

    /// <summary>log-softmax in float64.</summary>
    public static double[] LogSoftmax(float[] logits)
    {
        var max = (double)logits.Max();
        var sum = Math.Log(logits.Sum(logit => Math.Exp(logit - max)));
        return [.. logits.Select(logit => logit - max - sum)];
    }
}
