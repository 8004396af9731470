namespace SglNative.Interop.Cuda;

/// <summary>Looks for NVIDIA GPUs on the bus, for messages that must tell "no GPU" from "a GPU without its driver".</summary>
internal static class NvidiaHardware
{
    private const string Vendor = "0x10de", DisplayClass = "0x03";

    /// <summary><c>an NVIDIA GPU (10de:2330) is there</c>, or null when none is seen.</summary>
    public static string? Describe(string devices = "/sys/bus/pci/devices")
    {
        try
        {
            if (!Directory.Exists(devices)) return null;
            foreach (var device in Directory.EnumerateDirectories(devices))
            {
                if (Read(device, "vendor") != Vendor || !Read(device, "class").StartsWith(DisplayClass, StringComparison.Ordinal)) continue;
                return $"an NVIDIA GPU ({Vendor[2..]}:{Read(device, "device").Replace("0x", "", StringComparison.Ordinal)}) is there";
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // Only a message would have been better.
        }
        return null;
    }

    private static string Read(string device, string name)
    {
        var file = Path.Combine(device, name);
        return File.Exists(file) ? File.ReadAllText(file).Trim() : "";
    }
}
