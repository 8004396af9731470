using SglNative.Engine.Generation;
using SglNative.Engine.Sampling;

namespace SglNative.Engine.Tests.Scheduling;

/// <summary>The steady decode loop allocates nothing on the managed heap.</summary>
public class AllocationTests
{
    public static TheoryData<string> Kinds { get; } = ["greedy", "sampled", "penalties"];

    [Theory]
    [MemberData(nameof(Kinds))]
    public async Task Decode_steps_allocate_nothing(string kind)
    {
        // What the thread has allocated at the beginning of each step; the differences are whole turns of the loop.
        var allocated = new long[2000];
        var steps = 0;
        using var engine = await TestEngine.StartAsync(TestEngine.Args("llama2") with { PageSize = 16 }, () =>
        {
            if (steps < allocated.Length) allocated[steps++] = GC.GetAllocatedBytesForCurrentThread();
        });
        var sampling = new SamplingParams { MaxNewTokens = 400, Temperature = 0, IgnoreEos = true };
        sampling = kind switch
        {
            "sampled" => sampling with { Temperature = 1, TopP = 0.9f, TopK = 40, MinP = 0.01f },
            "penalties" => sampling with { FrequencyPenalty = 0.5f, RepetitionPenalty = 1.1f, MinNewTokens = 400 },
            _ => sampling,
        };
        await Task.WhenAll(Enumerable.Range(0, 3).Select(i => engine.GenerateAsync(new GenerateRequest { InputIds = [3, 4 + i], Sampling = sampling })));

        var turns = Enumerable.Range(0, steps - 1).Select(i => allocated[i + 1] - allocated[i]).ToArray();
        Assert.True(turns.Length >= 399, $"{turns.Length} steps");
        // Tables double a few times as a sequence grows, and the queues to its readers when these fall behind; what a step itself
        // allocates would show in every one.
        var steady = turns[100..^5];
        Assert.True(steady.Count(bytes => bytes == 0) >= steady.Length * 95 / 100,
            $"{steady.Count(bytes => bytes != 0)} of {steady.Length} steps allocate: {string.Join(' ', steady.Where(bytes => bytes != 0).Take(40))}");
    }
}
