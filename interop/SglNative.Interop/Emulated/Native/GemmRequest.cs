using System.Runtime.InteropServices;

namespace SglNative.Interop.Emulated.Native;

/// <summary><c>GemmRequest</c> of kernels/host/runtime.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct GemmRequest
{
    public int M, N, K, Batch;
    public ElementType TypeA, TypeB, TypeC;
    public int TransposeA, TransposeB, TensorFloat32;
    public long LeadingA, LeadingB, LeadingC, BatchA, BatchB, BatchC;
    public nint A, B, C, Bias;
    public float Alpha, Beta;
    public nint ScaleA, ScaleB;
}
