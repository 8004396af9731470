using Microsoft.Extensions.Logging;
using SglNative.Engine.Caching;
using SglNative.Engine.Scheduling;

namespace SglNative.Engine.Tests.Scheduling;

public sealed class SchedulerStatsTests
{
    private readonly Clock _clock = new();
    private readonly Recorder _log = new();
    private readonly RunningSet _set = new(new PageAllocator(101, 1), new StateAllocator(0));

    [Fact]
    public void The_throughput_is_of_decode_steps_alone()
    {
        var stats = new SchedulerStats(_log, logInterval: 4, _clock);
        var sequence = Admit(prompt: 10);
        // The prompt takes five seconds and draws the first token; four decode steps take half a second each.
        Step(stats, sequence, 10, seconds: 5);
        Assert.Equal((10, 1), (stats.PromptTokens, stats.GeneratedTokens));
        for (var i = 0; i < 4; i++) Step(stats, sequence, 1, seconds: 0.5);
        Assert.Equal("Decode batch. #running-req: 1, #token: 15, token usage: 0.14, cuda graph: False, gen throughput (token/s): 2.00, #queue-req: 0", Assert.Single(_log.Lines));
        // An hour in which nothing happens is nobody's throughput.
        _clock.Advance(TimeSpan.FromHours(1));
        stats.OnWake();
        for (var i = 0; i < 4; i++) Step(stats, sequence, 1, seconds: 0.25);
        Assert.Contains("(token/s): 4.00", _log.Lines[1], StringComparison.Ordinal);
        Assert.Equal((10, 9, 9), (stats.PromptTokens, stats.GeneratedTokens, stats.Steps));
    }

    [Fact]
    public void A_prompt_in_chunks_counts_once()
    {
        var stats = new SchedulerStats(_log, logInterval: 1, _clock);
        var sequence = Admit(prompt: 10);
        Step(stats, sequence, 6, seconds: 1, draws: false);
        Step(stats, sequence, 4, seconds: 1);
        Assert.Equal((10, 1), (stats.PromptTokens, stats.GeneratedTokens));
        Assert.Empty(_log.Lines);
    }

    [Fact]
    public void Failures_count_until_a_step_succeeds()
    {
        var stats = new SchedulerStats(_log, logInterval: 40, _clock);
        stats.OnFailure();
        stats.OnFailure();
        Assert.Equal(2, stats.FailuresInARow);
        Step(stats, Admit(prompt: 1), 1, seconds: 1);
        Assert.Equal(0, stats.FailuresInARow);
    }

    private Sequence Admit(int prompt)
    {
        _set.Enqueue(new Sequence("r", 0, new int[prompt], new SequenceOptions { MaxNewTokens = 50, StopTokens = new HashSet<int>(), Seed = 1 }));
        return _set.Admit();
    }

    // As the scheduler does it.
    private void Step(SchedulerStats stats, Sequence sequence, int tokens, double seconds, bool draws = true)
    {
        var plan = new StepPlan();
        _set.TryReserve(sequence, sequence.Computed + tokens);
        plan.Add(sequence, tokens);
        _clock.Advance(TimeSpan.FromSeconds(seconds));
        sequence.Computed += tokens;
        if (draws) sequence.Append(0);
        stats.OnTokens(plan, draws ? 1 : 0);
        stats.OnStep(_set);
    }

    private sealed class Clock : TimeProvider
    {
        private long _ticks;

        public override long TimestampFrequency => TimeSpan.TicksPerSecond;

        public override long GetTimestamp() => _ticks;

        public void Advance(TimeSpan time) => _ticks += time.Ticks;
    }

    private sealed class Recorder : ILogger
    {
        public List<string> Lines { get; } = [];

        public IDisposable? BeginScope<TState>(TState state) where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
            Lines.Add(formatter(state, exception));
    }
}
