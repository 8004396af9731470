namespace SglNative.Core.Hub;

/// <summary>Waits between attempts: twice as long each time, or as long as the server asks.</summary>
internal sealed class HubRetry(HubOptions options)
{
    /// <summary>Repeats a request while it fails for reasons that may pass.</summary>
    public async Task<T> RunAsync<T>(Func<Task<T>> request, CancellationToken cancellation)
    {
        for (var failures = 1; ; failures++)
            try
            {
                return await request().ConfigureAwait(false);
            }
            catch (HubException e) when (e.Failure == HubFailure.Unavailable && failures < options.Attempts)
            {
                await WaitAsync(e, failures, cancellation).ConfigureAwait(false);
            }
    }

    /// <summary>The pause after the <paramref name="failures"/>th failure in a row.</summary>
    public Task WaitAsync(HubException e, int failures, CancellationToken cancellation)
    {
        var delay = e.RetryAfter ?? options.RetryDelay * Math.Pow(2, Math.Min(failures - 1, 16));
        if (delay > options.MaxRetryDelay) delay = options.MaxRetryDelay;
        return Task.Delay(delay > TimeSpan.Zero ? delay : TimeSpan.Zero, cancellation);
    }
}
