namespace SglNative.Cuda.Attention;

/// <summary><c>AttentionArgs</c> of kernels/attention/arguments.cuh.</summary>
internal struct AttentionArguments
{
    public nint Query, Cache, Output, QueryStart, KvLengths, PageTable, Sinks, Partial, PartialLse;
    public long QueryToken, QueryHead, PageStride, PageTableStride;
    public int PageTableStep, Sequences, QueryHeads, KvHeads, Group, Window, Splits, ShortestPart, Mixed;
    public float Scale, SoftCap;
}
