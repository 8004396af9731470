using SglNative.Core;
using SglNative.Engine.Generation;
using SglNative.Models.Batches;

namespace SglNative.Engine.Tests.Scheduling;

/// <summary>Requests that end early, engines that end early, and steps that fail.</summary>
public class LifecycleTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    [Fact]
    public async Task Who_stops_reading_frees_its_pages()
    {
        using var engine = await TestEngine.StartAsync(TestEngine.Args("llama2"));
        var read = 0;
        await foreach (var _ in engine.StreamAsync(TestEngine.Greedy([3, 4], 400) with { RequestId = "a" }))
            if (++read == 3) break;
        await engine.AllPagesFreeAsync();
        Assert.True(engine.Stats.GeneratedTokens < 400);
        Assert.False(engine.Abort("a"));
    }

    [Fact]
    public async Task Cancellation_frees_pages_and_neighbours_go_on()
    {
        using var engine = await TestEngine.StartAsync(TestEngine.Args("llama2"));
        using var cancellation = new CancellationTokenSource();
        var neighbour = engine.OneAsync(TestEngine.Greedy([3, 5], 200));
        var cancelled = engine.GenerateAsync(TestEngine.Greedy([3, 4], 400) with { Sampling = TestEngine.Greedy([], 400).Sampling with { N = 4 } }, cancellation.Token);
        while (engine.Stats.Running < 4) await Task.Yield();
        await cancellation.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => cancelled.WaitAsync(Patience));
        Assert.Equal(200, (await neighbour.WaitAsync(Patience)).TokenIds.Count);
        await engine.AllPagesFreeAsync();
    }

    [Fact]
    public async Task A_request_can_be_aborted_by_name()
    {
        using var engine = await TestEngine.StartAsync(TestEngine.Args("llama2"));
        var finish = (FinishReason?)null;
        await foreach (var chunk in engine.StreamAsync(TestEngine.Greedy([3, 4], 500) with { RequestId = "job" }))
        {
            if (chunk.CompletionTokens == 2)
            {
                Assert.True(engine.Abort("job"));
                Assert.Equal("request id 'job' is in use already", Assert.Throws<SglException>(() => engine.StreamAsync(TestEngine.Greedy([3], 1) with { RequestId = "job" })).Message);
            }
            finish = chunk.Finish ?? finish;
        }
        Assert.Equal(new FinishReason.Abort("the request was aborted", IsError: false), finish);
        await engine.AllPagesFreeAsync();
        Assert.Single(await engine.GenerateAsync(TestEngine.Greedy([3], 1) with { RequestId = "job" }));
        Assert.False(engine.Abort("job"));
    }

    [Fact]
    public async Task A_waiting_request_can_be_aborted()
    {
        using var gate = new Gate();
        using var engine = await TestEngine.StartAsync(TestEngine.Args("llama2") with { MaxRunningRequests = 1 }, gate.Pass);
        var running = engine.OneAsync(TestEngine.Greedy([3, 4], 5));
        await gate.Reached.WaitAsync(Patience);
        var waiting = engine.OneAsync(TestEngine.Greedy([3, 5], 5) with { RequestId = "late" });
        Assert.True(engine.Abort("late"));
        gate.Open();
        Assert.Equal(5, (await running.WaitAsync(Patience)).TokenIds.Count);
        Assert.IsType<FinishReason.Abort>((await waiting.WaitAsync(Patience)).Finish);
        await engine.AllPagesFreeAsync();
    }

    [Fact]
    public async Task A_full_queue_refuses_even_while_a_step_runs()
    {
        using var gate = new Gate();
        using var engine = await TestEngine.StartAsync(TestEngine.Args("llama2") with { MaxRunningRequests = 1, MaxQueuedRequests = 2 }, gate.Pass);
        var accepted = new List<Task<GenerateOutput>> { engine.OneAsync(TestEngine.Greedy([3, 4], 5)) };
        await gate.Reached.WaitAsync(Patience);
        for (var i = 0; i < 2; i++) accepted.Add(engine.OneAsync(TestEngine.Greedy([3, 5], 5)));
        Assert.Equal(2, engine.Stats.Waiting);
        var e = Assert.Throws<EngineUnavailableException>(() => engine.StreamAsync(TestEngine.Greedy([3, 6], 5)));
        Assert.Equal("the queue is full (2 requests wait); try again later", e.Message);
        gate.Open();
        foreach (var output in await Task.WhenAll(accepted).WaitAsync(Patience)) Assert.Equal(5, output.TokenIds.Count);
        Assert.Equal(5, (await engine.OneAsync(TestEngine.Greedy([3, 6], 5))).TokenIds.Count);
    }

    [Fact]
    public async Task A_step_that_throws_fails_its_requests_and_the_engine_stays()
    {
        var registry = ProbedLlama.Registry(batch =>
        {
            if (Ids(batch).Contains(99)) throw new InvalidOperationException("boom");
        });
        using var engine = await Engine.StartAsync(TestEngine.Args("llama2"), registry: registry);
        var before = await engine.OneAsync(TestEngine.Greedy([3, 4], 8));
        for (var i = 0; i < 3; i++)
        {
            var e = await Assert.ThrowsAsync<EngineException>(() => engine.GenerateAsync(TestEngine.Greedy([3, 99], 8)));
            Assert.Matches("^internal error [0-9a-f]{12}$", e.Message);
        }
        await engine.AllPagesFreeAsync();
        Assert.Equal(before.TokenIds, (await engine.OneAsync(TestEngine.Greedy([3, 4], 8))).TokenIds);
    }

    [Fact]
    public async Task Disposing_the_engine_ends_what_runs_and_what_waits()
    {
        var gate = new Gate();
        var engine = await TestEngine.StartAsync(TestEngine.Args("llama2") with { MaxRunningRequests = 2 }, gate.Pass);
        var requests = Enumerable.Range(0, 5).Select(i => engine.GenerateAsync(TestEngine.Greedy([3, 4 + i], 300))).ToArray();
        await gate.Reached.WaitAsync(Patience);
        var disposal = Task.Run(engine.Dispose);
        gate.Open();
        await disposal.WaitAsync(Patience);
        foreach (var request in requests)
            Assert.Equal("the engine is shutting down", (await Assert.ThrowsAsync<EngineException>(() => request.WaitAsync(Patience))).Message);
        Assert.Throws<ObjectDisposedException>(() => engine.StreamAsync(TestEngine.Greedy([3], 1)));
        engine.Dispose();
        gate.Dispose();
    }

    [Fact]
    public async Task A_stream_that_is_made_but_never_read_costs_nothing()
    {
        using var engine = await TestEngine.StartAsync(TestEngine.Args("llama2"));
        _ = engine.StreamAsync(TestEngine.Greedy([3], 5) with { RequestId = "x" });
        Assert.Equal(0, engine.Stats.Arrived);
        Assert.Equal(5, (await engine.OneAsync(TestEngine.Greedy([3], 5) with { RequestId = "x" })).TokenIds.Count);
    }

    private static unsafe int[] Ids(ForwardBatch batch) => new ReadOnlySpan<int>((void*)batch.TokenIds.Data, batch.TokenCount).ToArray();

    // Holds the scheduler in its first step until it is opened.
    private sealed class Gate : IDisposable
    {
        private readonly TaskCompletionSource _reached = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private readonly ManualResetEventSlim _open = new();

        public Task Reached => _reached.Task;

        public void Pass()
        {
            _reached.TrySetResult();
            _open.Wait(Patience);
        }

        public void Open() => _open.Set();

        public void Dispose() => _open.Dispose();
    }
}
