namespace SglNative.Cpu.Sampling;

/// <summary>Arguments of the operations on rows of logits; a chunk is a row.</summary>
internal unsafe struct SampleJob
{
    public float* Logits;
    public int Vocabulary;

    /// <summary>Per row; temperature null where every row is greedy.</summary>
    public float* Temperature;
    public int* TopK;
    public float* TopP;
    public float* MinP;
    public long* Seed;
    public int* Position;

    /// <summary>Tokens: the result of a draw, the input of log probabilities, the ids of the most probable.</summary>
    public int* Tokens;
    public float* Values;
    public int K;

    public byte** Scratch;
}
