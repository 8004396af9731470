using SglNative.Core.Progress;

namespace SglNative.Core.Tests.Progress;

public sealed class ConsoleByteProgressTests : IDisposable
{
    private readonly StringWriter _output = new() { NewLine = "\n" };
    private readonly Clock _clock = new();

    public void Dispose() => _output.Dispose();

    [Fact]
    public void A_log_gets_a_line_for_every_tenth_and_none_for_less()
    {
        var progress = new ConsoleByteProgress(_output, isTerminal: false, _clock);
        progress.Begin("weights", 1_000_000_000, 200_000_000);
        for (var i = 0; i < 80; i++)
        {
            _clock.Advance(TimeSpan.FromSeconds(1));
            progress.Advance(10_000_000);
        }
        progress.End();
        var lines = _output.ToString().TrimEnd('\n').Split('\n');
        Assert.Equal("weights: 1.0 GB, 200.0 MB of them here", lines[0]);
        Assert.Equal("weights:  30% 300.0 MB of 1.0 GB, 10.0 MB/s, 1:10 left", lines[1]);
        Assert.Equal("weights: 1.0 GB in 80.0 s", lines[^1]);
        Assert.Equal(10, lines.Length);
        Assert.DoesNotContain('\r', _output.ToString());
    }

    [Fact]
    public void A_log_gets_two_lines_of_what_is_soon_over()
    {
        var progress = new ConsoleByteProgress(_output, isTerminal: false, _clock);
        progress.Begin("weights", 1_000_000_000);
        for (var i = 0; i < 100; i++)
        {
            _clock.Advance(TimeSpan.FromSeconds(0.04));
            progress.Advance(10_000_000);
        }
        progress.End();
        Assert.Equal("weights: 1.0 GB\nweights: 1.0 GB in 4.0 s\n", _output.ToString());
    }

    [Fact]
    public void A_slow_transfer_still_shows_that_it_lives()
    {
        var progress = new ConsoleByteProgress(_output, isTerminal: false, _clock);
        progress.Begin("weights", 1_000_000_000);
        _clock.Advance(TimeSpan.FromSeconds(31));
        progress.Advance(1000);
        Assert.Contains("0%", _output.ToString());
    }

    [Fact]
    public void A_terminal_gets_a_bar_that_redraws_itself_and_notes_do_not_mix_with_it()
    {
        var progress = new ConsoleByteProgress(_output, isTerminal: true, _clock);
        progress.Begin("weights", 100);
        _clock.Advance(TimeSpan.FromSeconds(1));
        progress.Advance(50);
        progress.Advance(1);
        progress.Note("waiting");
        _clock.Advance(TimeSpan.FromSeconds(1));
        progress.Advance(-20);
        progress.End();
        var text = _output.ToString();
        Assert.Contains("\rweights [###############---------------]  50%", text);
        Assert.DoesNotContain("51%", text);
        Assert.Contains("\rwaiting\n", text);
        Assert.Contains(" 31%", text);
        Assert.EndsWith("\rweights: stopped after 31 bytes in 2.0 s\n", text);
    }

    [Fact]
    public void What_is_counted_is_shown_in_its_unit()
    {
        var progress = new ConsoleByteProgress(_output, isTerminal: false, _clock);
        progress.Begin("Preparing kernels", 40, unit: "kernels");
        _clock.Advance(TimeSpan.FromSeconds(10));
        progress.Advance(10);
        progress.Advance(30);
        progress.End();
        progress.Begin("weights", 2_000_000);
        Assert.Equal("Preparing kernels: 40 kernels\nPreparing kernels:  25% 10 of 40 kernels, 0:30 left\nPreparing kernels: 40 kernels in 10.0 s\nweights: 2.0 MB\n", _output.ToString());
    }

    private sealed class Clock : TimeProvider
    {
        private long _ticks;

        public override long TimestampFrequency => TimeSpan.TicksPerSecond;

        public override long GetTimestamp() => _ticks;

        public void Advance(TimeSpan time) => _ticks += time.Ticks;
    }
}
