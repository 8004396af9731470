namespace SglNative.Interop;

/// <summary>How a kernel is launched.</summary>
/// <param name="Stream">The stream it runs in.</param>
/// <param name="Grid">Blocks (of the grid, not clusters); every extent at least 1.</param>
/// <param name="Block">Threads of a block.</param>
/// <param name="DynamicSharedMemory">Bytes of dynamic shared memory.</param>
public readonly record struct LaunchConfig(DeviceStream Stream, Dim3 Grid, Dim3 Block, int DynamicSharedMemory = 0)
{
    /// <summary>Blocks of a cluster; divides the grid. <c>default</c>: no clusters (or what the kernel was compiled with).</summary>
    public Dim3 Cluster { get; init; }

    /// <summary>All blocks must be resident at once, so that the grid may synchronise.</summary>
    public bool Cooperative { get; init; }

    /// <summary>
    /// The kernel may start before the preceding one of the stream has ended; it must execute <c>griddepcontrol.wait</c> before it
    /// touches that one's results. Ignored where <see cref="DeviceCapabilities.SupportsProgrammaticLaunch"/> is false.
    /// </summary>
    public bool ProgrammaticDependentLaunch { get; init; }
}
