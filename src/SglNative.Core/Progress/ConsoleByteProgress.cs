using System.Globalization;

namespace SglNative.Core.Progress;

/// <summary>
/// Shows progress as a bar that redraws itself in a terminal, and in a log file as a line every tenth of the way, but
/// not more often than every few seconds, and every half minute: what is over at once has a first line and a last.
/// </summary>
/// <param name="writer">Usually standard error, so that standard output stays clean.</param>
/// <param name="isTerminal">Whether the bar may redraw its line.</param>
/// <param name="time">The clock; null for the system's.</param>
public sealed class ConsoleByteProgress(TextWriter writer, bool isTerminal, TimeProvider? time = null) : IByteProgress
{
    private const int BarWidth = 30;
    private static readonly TimeSpan RedrawInterval = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan ShortestLineInterval = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan LineInterval = TimeSpan.FromSeconds(30);

    private readonly Lock _lock = new();
    private readonly TimeProvider _time = time ?? TimeProvider.System;
    private string _title = "";
    private string? _unit;
    private long _total, _done, _moved, _started, _shown;
    private int _shownTenth, _drawnWidth;

    /// <summary>Progress on standard error.</summary>
    public static ConsoleByteProgress ForStandardError() => new(Console.Error, !Console.IsErrorRedirected);

    /// <inheritdoc/>
    public void Begin(string title, long totalBytes, long doneBytes = 0) => Begin(title, totalBytes, doneBytes, null);

    /// <inheritdoc/>
    public void Begin(string title, long total, string unit) => Begin(title, total, 0, unit);

    private void Begin(string title, long total, long done, string? unit)
    {
        lock (_lock)
        {
            (_title, _unit, _total, _done, _moved) = (title, unit, total, done, 0);
            _shownTenth = (int)(Fraction * 10);
            _started = _shown = _time.GetTimestamp();
            if (isTerminal) Draw();
            else writer.WriteLine($"{_title}: {Amount(_total)}{(_done > 0 ? $", {Amount(_done)} of them here" : "")}");
        }
    }

    /// <inheritdoc/>
    public void Advance(long bytes)
    {
        lock (_lock)
        {
            _done = Math.Max(0, _done + bytes);
            _moved += Math.Max(0, bytes);
            var tenth = (int)(Fraction * 10);
            var sinceShown = _time.GetElapsedTime(_shown);
            if (sinceShown < (isTerminal ? RedrawInterval : tenth > _shownTenth ? ShortestLineInterval : LineInterval)) return;
            (_shown, _shownTenth) = (_time.GetTimestamp(), tenth);
            if (isTerminal) Draw();
            else writer.WriteLine($"{_title}: {Status()}");
        }
    }

    /// <inheritdoc/>
    public void Note(string line)
    {
        lock (_lock)
        {
            Clear();
            writer.WriteLine(line);
        }
    }

    /// <inheritdoc/>
    public void End()
    {
        lock (_lock)
        {
            Clear();
            var elapsed = _time.GetElapsedTime(_started);
            writer.WriteLine(string.Create(CultureInfo.InvariantCulture,
                $"{_title}: {(_done >= _total ? "" : "stopped after ")}{Amount(_done)} in {elapsed.TotalSeconds:0.0} s"));
        }
    }

    private double Fraction => _total <= 0 ? 1 : Math.Clamp(_done / (double)_total, 0, 1);

    private void Draw()
    {
        var filled = (int)(Fraction * BarWidth);
        var line = $"{_title} [{new string('#', filled)}{new string('-', BarWidth - filled)}] {Status()}";
        writer.Write($"\r{line.PadRight(_drawnWidth)}");
        _drawnWidth = line.Length;
    }

    private void Clear()
    {
        if (_drawnWidth > 0) writer.Write($"\r{new string(' ', _drawnWidth)}\r");
        _drawnWidth = 0;
    }

    private string Status()
    {
        var seconds = _time.GetElapsedTime(_started).TotalSeconds;
        var speed = seconds > 0 ? _moved / seconds : 0;
        var left = speed > 0 ? TimeSpan.FromSeconds(Math.Min((_total - _done) / speed, 359_999)) : TimeSpan.Zero;
        var rate = _unit is null ? $", {(speed / 1e6).ToString("0.0", CultureInfo.InvariantCulture)} MB/s" : "";
        return string.Create(CultureInfo.InvariantCulture,
            $"{Fraction,4:0%} {(_unit is null ? Amount(_done) : $"{_done}")} of {Amount(_total)}{rate}, {(int)left.TotalMinutes}:{left.Seconds:00} left");
    }

    private string Amount(long count) => _unit is null ? MessageText.Bytes(count) : string.Create(CultureInfo.InvariantCulture, $"{count} {_unit}");
}
