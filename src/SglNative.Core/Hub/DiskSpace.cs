namespace SglNative.Core.Hub;

/// <summary>Free room on the disk of a folder.</summary>
internal static class DiskSpace
{
    /// <summary>Bytes this user may still write below a path that need not exist yet; null where the system does not say.</summary>
    public static long? Free(string path)
    {
        try
        {
            var full = Path.GetFullPath(path);
            while (!Directory.Exists(full) && Path.GetDirectoryName(full) is { } parent) full = parent;
            // On Unix any folder stands for its file system; Windows wants the drive.
            return new DriveInfo(OperatingSystem.IsWindows() ? Path.GetPathRoot(full)! : full).AvailableFreeSpace;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException)
        {
            return null;
        }
    }
}
