using System.Diagnostics;
using System.Runtime.InteropServices;

namespace SglNative.Tokenizers.Tests;

/// <summary>The processor time of the current thread; where the system does not tell, the time that passes.</summary>
internal static partial class ThreadTime
{
    private const int ThreadClock = 3;

    [StructLayout(LayoutKind.Sequential)]
    private struct Timespec
    {
        public long Seconds;
        public long Nanoseconds;
    }

    public static TimeSpan Now => OperatingSystem.IsLinux() && GetTime(ThreadClock, out var time) == 0
        ? TimeSpan.FromTicks(time.Seconds * TimeSpan.TicksPerSecond + time.Nanoseconds / 100)
        : Stopwatch.GetElapsedTime(0);

    [LibraryImport("libc", EntryPoint = "clock_gettime")]
    private static partial int GetTime(int clock, out Timespec time);
}
