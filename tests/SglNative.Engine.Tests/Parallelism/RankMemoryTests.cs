using SglNative.Core.Configuration;
using SglNative.Core.Tensors;
using SglNative.Engine.Configuration;
using SglNative.Engine.Loading;
using SglNative.Models.Architectures;
using SglNative.Models.Modules;
using SglNative.Models.Registry;
using SglNative.Models.Weights;

namespace SglNative.Engine.Tests.Parallelism;

/// <summary>Pools are numbered alike on every rank, so the rank with the least room decides how large they are.</summary>
public class RankMemoryTests
{
    private const long PadBytes = 64 << 20;

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    public void The_rank_with_the_least_room_decides(int padded)
    {
        // A share of the memory that the padding is a good part of, and that free memory, which comes and goes, changes little.
        var args = TestEngine.Args("llama3") with { MaxTotalTokens = null, MemFractionStatic = 0.01, LoadFormat = LoadFormat.Dummy, PageSize = 16 };
        long Tokens(int rank)
        {
            using var ranks = new CpuRanks(args, 2, Registry(rank));
            return ranks.Loaded.Info.MaxTotalTokens;
        }

        using var one = TestEngine.Load(TestEngine.Args("llama3"));
        // Each of two ranks holds half of the heads.
        var perToken = one.Model.Build.Caches.Sum(cache => cache.ElementsPerToken) / 2 * sizeof(float);
        var (free, tight) = (Tokens(-1), Tokens(padded));
        Assert.InRange((free - tight) * perToken, PadBytes / 2, PadBytes * 2);
    }

    private static ModelRegistry Registry(int rank)
    {
        var registry = ModelRegistry.Default.Copy();
        registry.Register("LlamaForCausalLM", (config, root) => new Padded(config, root, root.Build.Parallel.Rank == rank), nameof(Padded), "tests");
        return registry;
    }

    private sealed class Padded : LlamaForCausalLM
    {
        public Padded(JsonConfig config, ModuleScope root, bool padded) : base(config, root)
        {
            if (padded) root["pad"].Parameter("weight", new Shape(PadBytes / sizeof(float)), ParameterInit.Zeros);
        }
    }
}
