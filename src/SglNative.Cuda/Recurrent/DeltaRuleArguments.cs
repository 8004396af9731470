namespace SglNative.Cuda.Recurrent;

/// <summary><c>DeltaRuleArgs</c> of kernels/recurrent/arguments.cuh.</summary>
internal struct DeltaRuleArguments
{
    public nint Query, Key, Value, LogDecay, Beta, State, Output, QueryStart, KvLengths, StateSlots, Workspace;
    public long QueryToken, QueryHead, KeyToken, KeyHead, ValueToken, ValueHead;
    public int Sequences, KeyHeads, ValueHeads, ValueDim, Slots, Shortest, Longest, FirstChunk, Chunks;
    public float Scale, Eps;
}
