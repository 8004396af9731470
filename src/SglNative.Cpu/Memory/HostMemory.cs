using System.Globalization;
using System.Runtime.InteropServices;

namespace SglNative.Cpu.Memory;

/// <summary>What the operating system says about this machine's memory, within the limits of this process's control group.</summary>
internal static unsafe partial class HostMemory
{
    private const int AdviceHugePages = 14;

    /// <summary>Bytes this process could ever use, and those it can take now without others being swapped out.</summary>
    public static (long Total, long Available) Read()
    {
        if (!OperatingSystem.IsLinux()) return ReadFromRuntime();
        if (ReadFields("/proc/meminfo") is not { } fields || !fields.TryGetValue("MemTotal", out var total)) return ReadFromRuntime();
        var available = fields.TryGetValue("MemAvailable", out var kib) ? kib : fields.GetValueOrDefault("MemFree");
        return WithinControlGroup(total * 1024, available * 1024, "/sys/fs/cgroup", "/proc/self/cgroup");
    }

    /// <summary>Anonymous memory of this process that is really there, in bytes; mapped files do not count.</summary>
    public static long Resident()
    {
        if (OperatingSystem.IsLinux() && ReadFields("/proc/self/status") is { } fields && fields.TryGetValue("RssAnon", out var kib)) return kib * 1024;
        return Environment.WorkingSet;
    }

    /// <summary>The processor's own name, or its architecture where the system does not tell.</summary>
    public static string ProcessorName()
    {
        try
        {
            if (File.Exists("/proc/cpuinfo"))
                foreach (var line in File.ReadLines("/proc/cpuinfo"))
                    if (line.StartsWith("model name", StringComparison.Ordinal)) return line[(line.IndexOf(':', StringComparison.Ordinal) + 1)..].Trim();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // The architecture will do.
        }
        return Environment.GetEnvironmentVariable("PROCESSOR_IDENTIFIER") ?? RuntimeInformation.ProcessArchitecture.ToString();
    }

    /// <summary>Asks for 2 MiB pages; an operating system that has none goes on with small ones.</summary>
    public static void AdviseHugePages(void* data, long bytes)
    {
        if (!OperatingSystem.IsLinux()) return;
        try
        {
            _ = MAdvise(data, (nuint)bytes, AdviceHugePages);
        }
        catch (Exception e) when (e is DllNotFoundException or EntryPointNotFoundException)
        {
            // Advice only.
        }
    }

    /// <summary>Lowers both figures to the tightest limit of the control groups (version 1 or 2) above this process.</summary>
    internal static (long Total, long Available) WithinControlGroup(long total, long available, string root, string membership)
    {
        foreach (var line in ReadLines(membership))
        {
            // "0::/a/b" is version 2; "4:memory:/a/b" version 1, mounted in a folder of its own.
            var parts = line.Split(':', 3);
            if (parts.Length < 3) continue;
            var unified = parts[1].Length == 0;
            if (!unified && !parts[1].Split(',').Contains("memory")) continue;
            var mount = unified ? root : Path.Combine(root, "memory");
            // Inside a container the path may be the host's, with only the mount's root visible: the loop ends there either way.
            for (var path = parts[2].Trim('/'); ; path = path.Contains('/', StringComparison.Ordinal) ? path[..path.LastIndexOf('/')] : "")
            {
                var folder = Path.Combine(mount, path);
                var limit = ReadNumber(Path.Combine(folder, unified ? "memory.max" : "memory.limit_in_bytes"));
                if (limit is { } max && max < total)
                {
                    var used = ReadNumber(Path.Combine(folder, unified ? "memory.current" : "memory.usage_in_bytes")) ?? 0;
                    var stat = Path.Combine(folder, "memory.stat");
                    // File pages count as used but are given up on demand.
                    used -= ReadFields(stat) is { } fields ? fields.GetValueOrDefault(unified ? "inactive_file" : "total_inactive_file") : 0;
                    total = max;
                    available = Math.Clamp(max - used, 0, available);
                }
                if (path.Length == 0) break;
            }
        }
        return (total, Math.Min(available, total));
    }

    private static (long Total, long Available) ReadFromRuntime()
    {
        var info = GC.GetGCMemoryInfo(GCKind.Any);
        var load = info.MemoryLoadBytes > 0 ? info.MemoryLoadBytes : Environment.WorkingSet;
        return (info.TotalAvailableMemoryBytes, Math.Max(0, info.TotalAvailableMemoryBytes - load));
    }

    private static Dictionary<string, long>? ReadFields(string path)
    {
        Dictionary<string, long>? fields = null;
        foreach (var line in ReadLines(path))
        {
            var words = line.Split([' ', '\t', ':'], StringSplitOptions.RemoveEmptyEntries);
            if (words.Length >= 2 && long.TryParse(words[1], NumberStyles.None, CultureInfo.InvariantCulture, out var value)) (fields ??= [])[words[0]] = value;
        }
        return fields;
    }

    private static long? ReadNumber(string path) =>
        ReadLines(path) is [var line, ..] && long.TryParse(line.Trim(), NumberStyles.None, CultureInfo.InvariantCulture, out var value) ? value : null;

    private static string[] ReadLines(string path)
    {
        try
        {
            return File.Exists(path) ? File.ReadAllLines(path) : [];
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return [];
        }
    }

    [LibraryImport("libc", EntryPoint = "madvise")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int MAdvise(void* address, nuint length, int advice);
}
