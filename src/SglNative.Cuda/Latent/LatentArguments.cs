using SglNative.Cuda.Attention;

namespace SglNative.Cuda.Latent;

/// <summary><c>LatentArgs</c> of kernels/latent/arguments.cuh.</summary>
internal struct LatentArguments
{
    public AttentionArguments Attention;
    public nint QueryRope;
    public long RopeToken, RopeHead;
    public int Single;
}
