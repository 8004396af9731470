using System.Runtime.ExceptionServices;

namespace SglNative.Interop.Kernels;

/// <summary>Compiles many kernels at once.</summary>
public static class KernelBuilder
{
    /// <summary>
    /// Compiles <paramref name="sources"/> on <paramref name="parallelism"/> threads (0: all cores) and returns the images in the
    /// order of the sources. <paramref name="progress"/> is told of each, from any thread. The first error stops what has not begun.
    /// </summary>
    public static IReadOnlyList<KernelImage> CompileKernels(
        this IComputeDevice device, IReadOnlyList<KernelSource> sources, Action<KernelBuildProgress>? progress = null, int parallelism = 0)
    {
        ArgumentNullException.ThrowIfNull(device);
        return CompileKernels(sources, device.CompileKernel, progress, parallelism);
    }

    /// <summary>The same without a device: by <paramref name="toolchain"/>, through <paramref name="cache"/>.</summary>
    /// <exception cref="OperationCanceledException"><paramref name="stop"/> was cancelled.</exception>
    public static IReadOnlyList<KernelImage> CompileKernels(
        IReadOnlyList<KernelSource> sources, IKernelToolchain toolchain, KernelCache cache, Action<KernelBuildProgress>? progress = null, int parallelism = 0,
        CancellationToken stop = default)
    {
        ArgumentNullException.ThrowIfNull(sources);
        ArgumentNullException.ThrowIfNull(cache);
        return CompileKernels(sources, source => cache.GetOrCompile(source, toolchain), progress, parallelism, stop);
    }

    internal static IReadOnlyList<KernelImage> CompileKernels(
        IReadOnlyList<KernelSource> sources, Func<KernelSource, KernelImage> compile, Action<KernelBuildProgress>? progress, int parallelism,
        CancellationToken stop = default)
    {
        var images = new KernelImage[sources.Count];
        var completed = 0;
        var options = new ParallelOptions { MaxDegreeOfParallelism = parallelism > 0 ? parallelism : Environment.ProcessorCount, CancellationToken = stop };
        try
        {
            Parallel.For(0, sources.Count, options, i =>
            {
                images[i] = compile(sources[i]);
                progress?.Invoke(new KernelBuildProgress(Interlocked.Increment(ref completed), sources.Count, sources[i].Name));
            });
        }
        catch (AggregateException errors)
        {
            ExceptionDispatchInfo.Throw(errors.InnerExceptions[0]);
        }
        return images;
    }
}
