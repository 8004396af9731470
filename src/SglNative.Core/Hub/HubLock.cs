namespace SglNative.Core.Hub;

/// <summary>
/// A lock on a file that also holds between processes, and with the Hub's own tools (on Unix both use flock). It goes with its
/// holder, so a process that dies leaves nothing to clean up.
/// </summary>
internal static class HubLock
{
    private static readonly TimeSpan Poll = TimeSpan.FromMilliseconds(100);

    /// <summary>Waits until the lock is free and takes it; dispose the result to release.</summary>
    /// <param name="path">The lock's file, made when needed.</param>
    /// <param name="onWait">Called once when somebody else holds it.</param>
    /// <param name="cancellation">Ends the wait.</param>
    public static async Task<IDisposable> AcquireAsync(string path, Action onWait, CancellationToken cancellation)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        for (var waited = false; ; waited = true)
        {
            try
            {
                return new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None, bufferSize: 1);
            }
            catch (IOException e) when (IsHeld(e))
            {
                if (!waited) onWait();
            }
            await Task.Delay(Poll, cancellation).ConfigureAwait(false);
        }
    }

    /// <summary>Sharing violation on Windows; EWOULDBLOCK on Linux and on macOS.</summary>
    private static bool IsHeld(IOException e) => e.GetType() == typeof(IOException) && (e.HResult & 0xffff) is 32 or 33 or 11 or 35;
}
