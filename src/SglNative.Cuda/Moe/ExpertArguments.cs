namespace SglNative.Cuda.Moe;

/// <summary><c>ExpertArgs</c> of kernels/moe/experts.cuh.</summary>
internal struct ExpertArguments
{
    public nint X, Weight, Bias, Output, Pairs, Starts, Factors;
    public long XStride;
    public int Experts, Columns, Depth, TopK, Scatter;
    public float Limit;
}
