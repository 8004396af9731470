namespace SglNative.Interop.Kernels;

/// <summary>
/// One compile unit: a kernel file and the kernels wanted of it. The same source goes to NVRTC, to nvcc and, on the emulated device,
/// to a C++20 compiler.
/// </summary>
/// <param name="Name">Path below <c>kernels/</c>, such as <c>attention/decode.cu</c>; messages and the cache use it.</param>
/// <param name="Library">Where the file and the headers it includes (<c>#include "primitives/mma.cuh"</c>, from the root) are found.</param>
/// <param name="Instantiations">
/// The kernels to compile, as C++ expressions: <c>rms_norm</c> or <c>decode&lt;bfloat16, 128&gt;</c>. By the same text
/// <see cref="DeviceModule.GetFunction"/> finds them.
/// </param>
public sealed record KernelSource(string Name, IKernelLibrary Library, IReadOnlyList<string> Instantiations)
{
    /// <summary>Macros defined before the first line, name to value.</summary>
    public IReadOnlyDictionary<string, string> Defines { get; init; } = new Dictionary<string, string>();

    /// <summary>Further compiler flags, such as <c>--maxrregcount=128</c>; flags a host compiler has no use for are dropped there.</summary>
    public IReadOnlyList<string> Flags { get; init; } = [];
}
