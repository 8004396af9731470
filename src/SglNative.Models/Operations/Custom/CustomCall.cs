using SglNative.Core.Tensors;

namespace SglNative.Models.Operations.Custom;

/// <summary>One call of a <see cref="CustomOp"/>. All tensors are contiguous.</summary>
public readonly ref struct CustomCall
{
    /// <summary>A call with what was given to <see cref="Ops.Run"/>.</summary>
    public CustomCall(ReadOnlySpan<Tensor> inputs, Tensor output, ReadOnlySpan<KernelScalar> scalars)
    {
        Inputs = inputs;
        Output = output;
        Scalars = scalars;
    }

    /// <summary>The inputs.</summary>
    public ReadOnlySpan<Tensor> Inputs { get; }

    /// <summary>The output; its contents are undefined before the call.</summary>
    public Tensor Output { get; }

    /// <summary>The numbers.</summary>
    public ReadOnlySpan<KernelScalar> Scalars { get; }

    /// <summary>The elements of a tensor in host memory, on the CPU backend.</summary>
    /// <exception cref="ArgumentException">The tensor's elements are of another size.</exception>
    public static unsafe Span<T> Elements<T>(in Tensor tensor) where T : unmanaged => tensor.DType.Size() == sizeof(T)
        ? new Span<T>((void*)tensor.Data, checked((int)tensor.Count))
        : throw new ArgumentException($"{tensor} does not hold elements of {sizeof(T)} bytes ({typeof(T).Name})", nameof(tensor));
}

/// <summary>Computes a <see cref="CustomOp"/> on the host.</summary>
public delegate void CustomCpuKernel(in CustomCall call);

/// <summary>How a <see cref="CustomOp"/>'s kernel is launched for one call.</summary>
public delegate CustomLaunch CustomLaunchShape(in CustomCall call);

/// <summary>A launch's blocks and threads.</summary>
/// <param name="Blocks">Blocks of the grid.</param>
/// <param name="Threads">Threads of a block.</param>
/// <param name="SharedMemory">Bytes of dynamic shared memory.</param>
public readonly record struct CustomLaunch(int Blocks, int Threads, int SharedMemory = 0)
{
    /// <summary>One thread for each of <paramref name="elements"/> elements, in blocks of 256.</summary>
    public static CustomLaunch PerElement(long elements) => new(checked((int)((elements + 255) / 256)), 256);

    /// <summary>One block of 256 threads for each row.</summary>
    public static CustomLaunch PerRow(long rows) => new(checked((int)rows), 256);
}
