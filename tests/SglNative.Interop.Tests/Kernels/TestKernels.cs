using SglNative.Interop.Kernels;

namespace SglNative.Interop.Tests.Kernels;

/// <summary>Small kernels that the tests compile.</summary>
internal static class TestKernels
{
    public const string VectorAddText = """
        struct AddArguments { const float* a; const float* b; float* c; int count; };
        extern "C" __global__ void vector_add(const __grid_constant__ AddArguments arguments)
        {
            int i = blockIdx.x * blockDim.x + threadIdx.x;
            if (i < arguments.count) arguments.c[i] = arguments.a[i] + arguments.b[i];
        }
        """;

    public const string ScaleText = """
        #include "math/twice.cuh"
        namespace sgl {
        template <typename T, int Factor> __global__ void scale(T* data, int count)
        {
            __shared__ T staged[32];
            int i = blockIdx.x * blockDim.x + threadIdx.x;
            staged[threadIdx.x % 32] = i < count ? data[i] : T(0);
            __syncthreads();
            if (i < count) data[i] = twice(staged[threadIdx.x % 32]) * T(Factor);
        }
        }
        """;

    public const string TwiceText = """
        #pragma once
        #include "math/base.cuh"
        namespace sgl { template <typename T> __device__ T twice(T x) { return x * T(kTwo); } }
        """;

    public const string BaseText = "#pragma once\nnamespace sgl { constexpr int kTwo = 2; }\n";

    public static Dictionary<string, string> Texts => new()
    {
        ["vector_add.cu"] = VectorAddText,
        ["math/scale.cu"] = ScaleText,
        ["math/twice.cuh"] = TwiceText,
        ["math/base.cuh"] = BaseText,
    };

    public static IKernelLibrary Library => KernelLibrary.FromTexts(Texts);

    public static KernelSource VectorAdd => new("vector_add.cu", Library, ["vector_add"]);

    public static KernelSource Scale => new("math/scale.cu", Library, ["sgl::scale<float, 3>", "sgl::scale<int, 5>"]);

    /// <summary>A kernel of the given text, which may include what the project's own kernels include.</summary>
    public static KernelSource Of(string text, params string[] instantiations) => new("test.cu", new WithHeaders(text), instantiations);

    private sealed class WithHeaders(string text) : IKernelLibrary
    {
        private static readonly IKernelLibrary Headers = KernelLibrary.FromResources(typeof(TestKernels).Assembly);

        public string? Find(string path) => path == "test.cu" ? text : Headers.Find(path);
    }
}
