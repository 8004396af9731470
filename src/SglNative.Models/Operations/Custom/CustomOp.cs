using System.Reflection;
using SglNative.Core.Tensors;

namespace SglNative.Models.Operations.Custom;

/// <summary>
/// An operation of one's own: a CUDA kernel whose source travels in an assembly, compiled and cached like the product's kernels, and
/// its counterpart for the host. The kernel's parameters are the inputs' addresses, the output's, and the numbers, in that order:
/// <c>template &lt;class T&gt; __global__ void scale_rows(const T* x, const float* factors, T* y, int width)</c>. A source may include the
/// product's headers, such as <c>include/sgl/rows.cuh</c>.
/// </summary>
public sealed class CustomOp
{
    /// <summary>Name in messages, and of the kernel's folder in the cache.</summary>
    public required string Name { get; init; }

    /// <summary>The assembly that holds the source; usually <c>typeof(MyModel).Assembly</c>.</summary>
    public required Assembly Assembly { get; init; }

    /// <summary>The embedded resource with the <c>.cu</c> source, by its logical name or the end of it.</summary>
    public required string Source { get; init; }

    /// <summary>The kernel as a C++ expression, where <c>T</c> stands for the first input's element type and <c>Out</c> for the output's: <c>my::scale_rows&lt;T&gt;</c>.</summary>
    public required string Kernel { get; init; }

    /// <summary>Blocks and threads of a call.</summary>
    public required CustomLaunchShape Launch { get; init; }

    /// <summary>The same on the host, where activations are float32.</summary>
    public required CustomCpuKernel Cpu { get; init; }

    /// <summary>Further compiler flags, such as <c>--maxrregcount=128</c>.</summary>
    public IReadOnlyList<string> Flags { get; init; } = [];

    /// <summary>The source's text.</summary>
    public string ReadSource() => EmbeddedText.Read(Assembly, Source);

    internal static void ExpectContiguous(CustomOp op, in Tensor tensor, string what)
    {
        if (!tensor.IsContiguous) throw new ArgumentException($"custom op {op.Name}: {what} is {tensor} with gaps between its rows; Ops.Cast(x, x.DType) makes it dense");
    }
}
