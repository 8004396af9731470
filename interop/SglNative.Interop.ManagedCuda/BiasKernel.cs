using SglNative.Core.Tensors;
using SglNative.Interop.Kernels;

namespace SglNative.Interop.ManagedCuda;

/// <summary>C = sums + beta·C + bias in every row; the sums are float32, dense.</summary>
internal static class BiasKernel
{
    public const string Name = "add_bias";
    public const int Threads = 256, MostRows = 65535;

    private const string Text = """
        struct Arguments { void* c; const float* sums; const void* bias; long long leading, batch_stride; int rows, columns; float beta; };

        #if SIXTEEN_BITS
        typedef unsigned short Element;
        #else
        typedef float Element;
        #endif

        __device__ float value(Element x)
        {
            float r;
        #if SIXTEEN_BITS == 1
            r = __uint_as_float((unsigned)x << 16);
        #elif SIXTEEN_BITS == 2
            asm("cvt.f32.f16 %0, %1;" : "=f"(r) : "h"(x));
        #else
            r = x;
        #endif
            return r;
        }

        __device__ Element rounded(float x)
        {
            Element r;
        #if SIXTEEN_BITS == 1
            asm("cvt.rn.bf16.f32 %0, %1;" : "=h"(r) : "f"(x));
        #elif SIXTEEN_BITS == 2
            asm("cvt.rn.f16.f32 %0, %1;" : "=h"(r) : "f"(x));
        #else
            r = x;
        #endif
            return r;
        }

        extern "C" __global__ void add_bias(const __grid_constant__ Arguments a)
        {
            const int column = blockIdx.x * blockDim.x + threadIdx.x;
            if (column >= a.columns) return;
            const float bias = value(static_cast<const Element*>(a.bias)[column]);
            Element* c = static_cast<Element*>(a.c) + blockIdx.z * a.batch_stride + column;
            const float* sums = a.sums + static_cast<long long>(blockIdx.z) * a.rows * a.columns + column;
            for (long long row = blockIdx.y; row < a.rows; row += gridDim.y) {
                const float sum = sums[row * a.columns] + bias;
                // What is not read may be anything.
                c[row * a.leading] = rounded(a.beta == 0.0f ? sum : sum + a.beta * value(c[row * a.leading]));
            }
        }
        """;

    /// <summary>The kernel for elements of <paramref name="type"/>.</summary>
    public static KernelSource Source(DType type) =>
        new("add_bias.cu", KernelLibrary.FromTexts(new Dictionary<string, string> { ["add_bias.cu"] = Text }), [Name])
        {
            Defines = new Dictionary<string, string> { ["SIXTEEN_BITS"] = type switch { DType.BFloat16 => "1", DType.Float16 => "2", _ => "0" } },
        };

    /// <summary>As in the kernel.</summary>
    public struct Arguments
    {
        public nint C, Sums, Bias;
        public long Leading, BatchStride;
        public int Rows, Columns;
        public float Beta;
    }
}
