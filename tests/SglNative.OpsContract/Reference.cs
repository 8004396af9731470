using SglNative.Core.Tensors;
using SglNative.Models.Operations;

namespace SglNative.OpsContract;

/// <summary>Every operation in the plainest form its definition allows, in double precision over dense arrays.</summary>
public static partial class Reference
{
    public static double[] RmsNorm(ReadOnlySpan<float> x, float[]? weight, double eps, double offset, int width)
    {
        var result = new double[x.Length];
        for (var row = 0; row < x.Length; row += width)
        {
            var sum = 0.0;
            for (var i = 0; i < width; i++) sum += (double)x[row + i] * x[row + i];
            var scale = 1 / Math.Sqrt(sum / width + eps);
            for (var i = 0; i < width; i++) result[row + i] = x[row + i] * scale * (weight is null ? 1 : offset + weight[i]);
        }
        return result;
    }

    public static double[] RowSquares(float[] x, int width)
    {
        var result = new double[x.Length / width];
        for (var i = 0; i < x.Length; i++) result[i / width] += (double)x[i] * x[i];
        return result;
    }

    public static double[] Linear(float[] x, float[] weight, float[]? bias, int m, int n, int k)
    {
        var result = new double[m * n];
        for (var i = 0; i < m; i++)
            for (var j = 0; j < n; j++)
            {
                var sum = bias is null ? 0.0 : bias[j];
                for (var l = 0; l < k; l++) sum += (double)x[i * k + l] * weight[j * k + l];
                result[i * n + j] = sum;
            }
        return result;
    }

    public static double Activate(double x, GatedActivation activation) => activation switch
    {
        GatedActivation.Silu => x / (1 + Math.Exp(-x)),
        GatedActivation.GeluTanh => 0.5 * x * (1 + Math.Tanh(Math.Sqrt(2 / Math.PI) * (x + 0.044715 * x * x * x))),
        _ => x * NormalDistribution(x),
    };

    /// <summary>Rotates one head in place.</summary>
    public static void Rotate(Span<double> head, ReadOnlySpan<float> cosSin, bool interleaved)
    {
        var half = cosSin.Length / 2;
        for (var i = 0; i < half; i++)
        {
            var (a, b) = interleaved ? (2 * i, 2 * i + 1) : (i, i + half);
            double cos = cosSin[i], sin = cosSin[half + i];
            (head[a], head[b]) = (head[a] * cos - head[b] * sin, head[b] * cos + head[a] * sin);
        }
    }

    /// <summary>One query against keys and values [position, D] of one head, of which it sees first … last.</summary>
    public static double[] Attend(ReadOnlySpan<float> query, float[] keys, float[] values, int first, int last, AttentionOptions options, double? sink = null)
    {
        var dim = query.Length;
        var scores = new double[last - first + 1];
        for (var p = first; p <= last; p++)
        {
            var dot = 0.0;
            for (var i = 0; i < dim; i++) dot += (double)query[i] * keys[p * dim + i];
            dot *= options.Scale;
            scores[p - first] = options.SoftCap > 0 ? options.SoftCap * Math.Tanh(dot / options.SoftCap) : dot;
        }
        var max = Math.Max(scores.Max(), sink ?? double.NegativeInfinity);
        var total = sink is null ? 0.0 : Math.Exp(sink.Value - max);
        foreach (ref var score in scores.AsSpan()) total += score = Math.Exp(score - max);
        var result = new double[dim];
        for (var p = first; p <= last; p++)
        {
            var share = scores[p - first] / total;
            for (var i = 0; i < dim; i++) result[i] += share * values[p * dim + i];
        }
        return result;
    }

    /// <summary>x · scale / √(Σx² + eps).</summary>
    public static double[] Unit(ReadOnlySpan<float> x, double scale, double eps)
    {
        var sum = 0.0;
        foreach (var value in x) sum += (double)value * value;
        var result = new double[x.Length];
        for (var i = 0; i < result.Length; i++) result[i] = x[i] * scale / Math.Sqrt(sum + eps);
        return result;
    }

    /// <summary>One step of the gated delta rule: moves the state [K, V] on and writes the output.</summary>
    public static void DeltaRule(Span<double> state, double[] query, double[] key, ReadOnlySpan<float> value, double decay, double beta, Span<double> output)
    {
        var columns = value.Length;
        var remembered = new double[columns];
        for (var i = 0; i < key.Length; i++)
        {
            var row = state.Slice(i * columns, columns);
            for (var j = 0; j < row.Length; j++) remembered[j] += key[i] * (row[j] *= decay);
        }
        output.Clear();
        for (var i = 0; i < key.Length; i++)
        {
            var row = state.Slice(i * columns, columns);
            for (var j = 0; j < row.Length; j++) output[j] += query[i] * (row[j] += key[i] * beta * (value[j] - remembered[j]));
        }
    }

    public static double LogSumExp(ReadOnlySpan<float> logits)
    {
        var max = double.NegativeInfinity;
        foreach (var logit in logits) max = Math.Max(max, logit);
        var sum = 0.0;
        foreach (var logit in logits) sum += Math.Exp(logit - max);
        return max + Math.Log(sum);
    }

    /// <summary>
    /// Tokens that may be drawn, by sorting. <paramref name="slack"/> moves the bounds of top-p and min-p, to tell a wrong set from
    /// a rounded bound.
    /// </summary>
    public static HashSet<int> Allowed(float[] logits, double temperature, int topK, double topP, double minP, double slack)
    {
        var scaled = logits.Select(l => (double)(float)(l / (float)temperature)).ToArray();
        var order = Enumerable.Range(0, logits.Length).OrderByDescending(i => scaled[i]).ToArray();
        var kept = topK > 0 && topK < logits.Length ? order.Count(i => scaled[i] >= scaled[order[topK - 1]]) : logits.Length;
        var max = scaled[order[0]];
        var total = order.Take(kept).Sum(i => Math.Exp(scaled[i] - max));
        var least = double.NegativeInfinity;
        if (topP < 1)
        {
            var sum = 0.0;
            foreach (var i in order.Take(kept))
            {
                sum += Math.Exp(scaled[i] - max) / total;
                least = scaled[i];
                if (sum >= topP + slack) break;
            }
        }
        return [.. order.Take(kept).Where(i => scaled[i] >= least && Math.Exp(scaled[i] - max) >= minP * (1 - slack))];
    }

    /// <summary>Φ(x): a power series near 0, a continued fraction in the tails.</summary>
    private static double NormalDistribution(double x)
    {
        if (Math.Abs(x) > 5)
        {
            var fraction = 0.0;
            for (var i = 60; i > 0; i--) fraction = i / (Math.Abs(x) + fraction);
            var tail = Math.Exp(-x * x / 2) / Math.Sqrt(2 * Math.PI) / (Math.Abs(x) + fraction);
            return x < 0 ? tail : 1 - tail;
        }
        var (term, sum) = (x, x);
        for (var i = 1; i < 200; i++) sum += term *= x * x / (2 * i + 1);
        return 0.5 + sum * Math.Exp(-x * x / 2) / Math.Sqrt(2 * Math.PI);
    }
}
