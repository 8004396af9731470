using System.Runtime.InteropServices;
using SglNative.Core.Tensors;
using SglNative.Cpu;
using SglNative.Engine.Benchmarking;
using SglNative.Models.Operations;

namespace SglNative.Engine.Tests.Benchmarking;

/// <summary>The choice that an observer sees is the one that the model makes, and the gap is what another choice takes.</summary>
public sealed class ExpertChoiceTests : IDisposable
{
    private const int Experts = 24, Tokens = 200;

    private static readonly RoutingOptions Plain = new() { TopK = 4 };
    private static readonly RoutingOptions Sigmoid = new() { TopK = 4, Scoring = ExpertScoring.Sigmoid };
    private static readonly RoutingOptions Grouped = new() { TopK = 4, Groups = 6, TopGroups = 2 };
    private static readonly RoutingOptions GroupedSums = new() { TopK = 4, Scoring = ExpertScoring.Sigmoid, Groups = 6, TopGroups = 3, GroupScoreCount = 2 };

    private readonly CpuBackend _backend = new(new CpuOptions { Threads = 2 });
    private readonly Random _random = new(5);

    public static TheoryData<RoutingOptions, bool> Routers => new() { { Plain, false }, { Plain, true }, { Sigmoid, false }, { Sigmoid, true }, { Grouped, false }, { GroupedSums, true } };

    public void Dispose() => _backend.Dispose();

    [Theory]
    [MemberData(nameof(Routers))]
    public void Chooses_as_the_model_does(RoutingOptions routing, bool corrected)
    {
        var (logits, correction) = (Values(Tokens * Experts), corrected ? Values(Experts) : []);
        _backend.Ops.Arena.BeginStep();
        var routed = _backend.Ops.RouteExperts(Tensor(logits, Tokens, Experts), corrected ? Tensor(correction, Experts) : default, routing);
        var chosen = new int[Tokens * routing.TopK];
        _backend.Download(routed.Experts, MemoryMarshal.AsBytes(chosen.AsSpan()));
        for (var t = 0; t < Tokens; t++)
            Assert.Equal(chosen[(t * routing.TopK)..((t + 1) * routing.TopK)], new ExpertChoice(logits.AsSpan(t * Experts, Experts), correction, routing).Experts);
    }

    /// <summary>Experts that are chosen by their logits alone: the gap is exact.</summary>
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void The_gap_is_what_a_change_takes(bool grouped)
    {
        var routing = grouped ? Grouped : Plain;
        for (var t = 0; t < Tokens; t++)
        {
            var logits = Values(Experts);
            var choice = new ExpertChoice(logits, [], routing);
            var (taken, left, gap) = choice.Nearest()!.Value;
            Assert.Contains(taken, choice.Experts);
            Assert.DoesNotContain(left, choice.Experts);
            if (grouped) continue;
            var step = (float)(gap / 2);
            Assert.Equal(choice.Experts.Order(), new ExpertChoice(Moved(0.99f), [], routing).Experts.Order());
            Assert.Equal(choice.Experts.Except([taken]).Append(left).Order(), new ExpertChoice(Moved(1.01f), [], routing).Experts.Order());

            float[] Moved(float factor)
            {
                var moved = (float[])logits.Clone();
                moved[taken] -= factor * step;
                moved[left] += factor * step;
                return moved;
            }
        }
    }

    /// <summary>Two groups that are nearly equal, while no two experts of the better one are.</summary>
    [Fact]
    public void Groups_can_be_near_a_tie_too()
    {
        float[] logits = [5, 1, 4.99f, 2, -3, -4];
        var routing = new RoutingOptions { TopK = 2, Groups = 3, TopGroups = 1 };
        var choice = new ExpertChoice(logits, [], routing);
        Assert.Equal([0, 1], choice.Experts);
        var (taken, left, gap) = choice.Nearest()!.Value;
        Assert.Equal((0, 2), (taken, left));
        Assert.Equal(0.01, gap, 1e-6);
    }

    [Fact]
    public void Who_takes_all_experts_has_no_other_choice() => Assert.Null(new ExpertChoice([1, 2], [], new RoutingOptions { TopK = 2 }).Nearest());

    [Fact]
    public void The_variance_is_that_of_the_logits_over_the_experts() => Assert.Equal(2.5, new ExpertChoice([1, 5, 2, 4], [], Plain with { TopK = 1 }).Variance, 1e-6);

    private float[] Values(int count) => [.. Enumerable.Range(0, count).Select(_ => (float)(2 * _random.NextDouble() - 1))];

    private Tensor Tensor(float[] values, params ReadOnlySpan<long> shape)
    {
        var tensor = _backend.Allocate(new Shape(shape), DType.Float32);
        _backend.Upload(MemoryMarshal.AsBytes(values.AsSpan()), tensor);
        return tensor;
    }
}
