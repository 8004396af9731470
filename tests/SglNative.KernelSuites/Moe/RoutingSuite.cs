using SglNative.Core.Tensors;
using SglNative.Models.Operations;
using SglNative.OpsContract;

namespace SglNative.KernelSuites;

/// <summary>Each token's experts and weights, and the pairs by expert, of the routers of published models.</summary>
/// <param name="kernel">The kernel whose results are looked at.</param>
/// <param name="outputs">Those.</param>
internal sealed class RoutingSuite(string kernel, params (string Name, Func<ExpertRouting, Tensor> Of)[] outputs) : KernelSuite
{
    // Scores nearer than this may change places by rounding.
    private const double Clear = 1e-6;

    private static readonly (int Experts, RoutingOptions Options)[] Routers =
    [
        (1, new() { TopK = 1, Renormalize = true }),
        (8, new() { TopK = 2, Renormalize = true }),
        (32, new() { TopK = 4, Renormalize = true }),
        (16, new() { TopK = 1, Scoring = ExpertScoring.Sigmoid }),
        (64, new() { TopK = 6 }),
        (160, new() { TopK = 6, Groups = 8, TopGroups = 3, Scale = 16 }),
        (256, new() { TopK = 8, Scoring = ExpertScoring.Sigmoid, Renormalize = true, Scale = 2.5f, Groups = 8, TopGroups = 4, GroupScoreCount = 2 }),
        (512, new() { TopK = 10, Renormalize = true }),
        (1023, new() { TopK = 32, Scoring = ExpertScoring.Sigmoid }),
    ];

    public override string Kernel => kernel;

    public override IEnumerable<KernelCase> Checks =>
        from router in Routers
        from tokens in (int[])[0, 1, 3, 77, 700]
        from corrected in (bool[])[false, true]
        from output in outputs
        select Check(router.Experts, router.Options, tokens, corrected, output.Name, output.Of);

    public override IEnumerable<KernelCase> Speeds =>
        from tokens in (int[])[1, 64, 8192]
        from router in Routers
        where router.Experts is 8 or 256
        select new KernelCase($"{tokens} tokens, {router.Options.TopK} of {router.Experts} experts", bench =>
        {
            var logits = bench.Filled(DType.Float32, tokens, router.Experts);
            return new(() => outputs[0].Of(bench.Ops.RouteExperts(logits, default, router.Options)))
            {
                Bytes = DType.Float32.Bytes((long)tokens * router.Experts) + 3 * DType.Float32.Bytes((long)tokens * router.Options.TopK),
            };
        });

    private static KernelCase Check(int experts, RoutingOptions options, int tokens, bool corrected, string name, Func<ExpertRouting, Tensor> output) =>
        new($"{name} of {tokens} tokens, {options.TopK} of {experts} experts, {options.Groups} groups, {options.Scoring}{(corrected ? ", corrected" : "")}", bench =>
        {
            var correction = corrected ? Numbers.Random(experts, 5, 0.3f) : null;
            var logits = Enumerable.Range(0, tokens).Select(t => ClearRow(experts, t, correction, options)).ToArray();
            // Rows have a gap, as parts of a wider product have.
            var padded = bench.Upload([.. logits.SelectMany(row => (float[])[0, 0, 0, .. row])], DType.Float32, tokens, experts + 3).Slice(1, 3, experts);
            var corrections = correction is null ? default : bench.Upload(correction, DType.Float32, experts);
            return new(() => output(bench.Ops.RouteExperts(padded, corrections, options)))
            {
                Expected = () => Expected(name, logits, correction, options, experts),
                Tolerance = name == "weights" ? 2e-6 : 0,
            };
        });

    private static double[] Expected(string name, float[][] logits, float[]? correction, RoutingOptions options, int experts)
    {
        var routed = Array.ConvertAll(logits, row => Reference.Route(row, correction, options));
        int[] chosen = [.. routed.SelectMany(token => token.Experts)];
        return name switch
        {
            "experts" => Array.ConvertAll(chosen, e => (double)e),
            "weights" => [.. routed.SelectMany(token => token.Experts.Select(e => token.Scores[e] / (options.Renormalize ? token.Experts.Sum(c => token.Scores[c]) : 1) * options.Scale))],
            // OrderBy is stable: pairs of an expert stay in their own order.
            "pairs" => [.. Enumerable.Range(0, chosen.Length).OrderBy(p => chosen[p]).Select(p => (double)p)],
            _ => [.. Enumerable.Range(0, experts + 1).Select(e => (double)chosen.Count(c => c < e))],
        };
    }

    // The first of some random rows in which nothing hangs on the last digits.
    private static float[] ClearRow(int experts, int token, float[]? correction, RoutingOptions options)
    {
        for (var seed = token; ; seed += 100_003)
        {
            var row = Numbers.Random(experts, seed, 4);
            var (chosen, _, choice) = Reference.Route(row, correction, options);
            var size = experts / options.Groups;
            var groups = Enumerable.Range(0, options.Groups).Select(g => choice.Skip(g * size).Take(size).OrderDescending().Take(options.GroupScoreCount).Sum()).ToArray();
            var least = groups.OrderDescending().ElementAt(options.TopGroups - 1);
            var inSight = choice.Where((_, e) => groups[e / size] >= least).OrderDescending().Take(chosen.Length + 1);
            if (AreClear(groups.OrderDescending().Take(options.TopGroups + 1)) && AreClear(inSight)) return row;
        }
    }

    private static bool AreClear(IEnumerable<double> descending) => descending.Zip(descending.Skip(1), (a, b) => a - b).All(gap => gap > Clear);
}
