using SglNative.Core.Tensors;
using SglNative.Engine.Caching;
using SglNative.Engine.Execution;
using SglNative.Engine.Scheduling;
using SglNative.Models;
using SglNative.Models.Backends;
using SglNative.Models.Modules;
using SglNative.Models.Weights;

namespace SglNative.Engine.Loading;

/// <summary>
/// Steps that call every operation a model's server will: decoding, prompts and both together, of every size at which another kernel may
/// be the better one, with all that sampling offers. For <see cref="Backend.Prepare"/>.
/// </summary>
/// <param name="build">What the model was built with.</param>
/// <param name="create">Makes it anew, on the backend of the rehearsal.</param>
/// <param name="pageSize">Tokens of a page.</param>
/// <param name="chunkTokens">Prompt tokens of a step at most.</param>
/// <param name="kvDType">Type of the caches.</param>
internal sealed class KernelRehearsal(ModelBuild build, Func<ModuleScope, CausalLM> create, int pageSize, int chunkTokens, DType kvDType)
{
    // Tables of positions are filled on the host, and what is in them decides nothing.
    private const int MostPositions = 1 << 12;

    // Long enough that decoding cuts the keys into parts.
    private const int LongPast = 1 << 13;

    private const int MostSequences = EngineLimits.MostRunning, TopLogProbs = 2;

    private static readonly SequenceOptions Plain = new() { MaxNewTokens = 1, Temperature = 0, StopTokens = new HashSet<int>(), Seed = 0 };

    private static readonly SequenceOptions Elaborate = Plain with
    {
        Temperature = 1, RepetitionPenalty = 2, ReturnLogProbs = true, PromptLogProbStart = 0, TopLogProbs = TopLogProbs,
    };

    /// <summary>Runs the steps.</summary>
    public void Run(Backend backend)
    {
        var again = new ModelBuild(backend, build.DType, Math.Min(build.MaxPositions, MostPositions)) { Parallel = build.Parallel, Stage = build.Stage, LinearMethods = build.LinearMethods };
        var model = create(again.Root);
        WeightLoader.Allocate(again);
        using var pool = new KvPool(backend, again.Caches, new PoolSize(2, pageSize, KvPool.BytesPerSequence(again.Caches) > 0 ? 1 : 0), kvDType);
        using var runner = new StepRunner(backend, model, pool);
        var plan = new StepPlan();
        for (var tokens = 1; ; tokens = Math.Min(2 * tokens, chunkTokens))
        {
            var count = Math.Min(tokens, MostSequences);
            for (var i = 0; i < count; i++) Add(plan, Plain, i == 0 ? LongPast : 0, 1);
            Step(runner, plan);
            Add(plan, tokens == chunkTokens ? Elaborate : Plain, 0, tokens);
            Step(runner, plan);
            Add(plan, Plain, LongPast, 1);
            Add(plan, Plain, 0, tokens);
            Step(runner, plan);
            if (tokens >= chunkTokens) return;
        }
    }

    private void Add(StepPlan plan, SequenceOptions options, int computed, int tokens)
    {
        var sequence = new Sequence("rehearsal", plan.Entries.Count, new int[computed + tokens], options) { Computed = computed };
        for (var page = 0; page * pageSize < computed + tokens; page++) sequence.Pages.Add(1);
        plan.Add(sequence, tokens);
    }

    private static void Step(StepRunner runner, StepPlan plan)
    {
        runner.Run(plan);
        plan.Clear();
    }
}
