using SglNative.Core.Tensors;
using SglNative.OpsContract;

namespace SglNative.KernelSuites;

/// <summary>Log probabilities of chosen tokens and of the most probable ones.</summary>
internal sealed class LogProbsSuite : KernelSuite
{
    public override string Kernel => "sampling/log_probs.cu";

    public override IEnumerable<KernelCase> Checks =>
        from shape in ((int Rows, int Columns, int Top)[])[(0, 17, 1), (1, 1, 1), (3, 17, 17), (5, 1000, 5), (2, 1023, 128), (3, 128_256, 20), (4000, 33, 3)]
        from top in (bool[])[false, true]
        select (top ? Top(shape.Rows, shape.Columns, shape.Top) : Chosen(shape.Rows, shape.Columns)) with { IsLarge = shape.Columns > 100_000 || shape.Rows > 1000 };

    public override IEnumerable<KernelCase> Speeds =>
        from rows in (int[])[1, 64, 256]
        from top in (bool[])[false, true]
        select new KernelCase($"{(top ? "top 20 of " : "")}{rows}x128256", bench =>
        {
            var logits = bench.Filled(DType.Float32, rows, 128_256);
            var tokens = bench.Upload(Enumerable.Range(0, rows).ToArray());
            return new(() => top ? bench.Ops.TopLogProbs(logits, 20).Values : bench.Ops.LogProbs(logits, tokens)) { Bytes = DType.Float32.Bytes(rows * 128_256L) };
        });

    private static KernelCase Chosen(int rows, int columns) => new($"{rows}x{columns}", bench =>
    {
        var logits = bench.Random(DType.Float32, rows, columns, scale: 10);
        var tokens = Enumerable.Range(0, rows).Select(r => (int)(r * 7919L % columns)).ToArray();
        var deviceTokens = bench.Upload(tokens);
        return new(() => bench.Ops.LogProbs(logits.Tensor, deviceTokens))
        {
            Expected = () => [.. tokens.Select((token, r) => logits.Values[r * columns + token] - Reference.LogSumExp(logits.Values.AsSpan(r * columns, columns)))],
            Tolerance = 1e-5,
        };
    });

    private static KernelCase Top(int rows, int columns, int k) => new($"top {k} of {rows}x{columns}", bench =>
    {
        var logits = bench.Random(DType.Float32, rows, columns, scale: 10);
        return new(() => bench.Ops.TopLogProbs(logits.Tensor, k).Values)
        {
            Expected = () => [.. Enumerable.Range(0, rows).SelectMany(r =>
            {
                var row = logits.Values.AsSpan(r * columns, columns).ToArray();
                var total = Reference.LogSumExp(row);
                return row.OrderDescending().Take(k).Select(value => value - total);
            })],
            Tolerance = 1e-5,
        };
    });
}
