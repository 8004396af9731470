namespace SglNative.Engine.Sampling;

/// <summary>The logit changes of a whole step, collected on the host; reused from step to step.</summary>
internal sealed class LogitEditBuffer
{
    private int[] _rows = new int[64];
    private int[] _tokens = new int[64];
    private float[] _repetitions = new float[64];
    private float[] _biases = new float[64];

    public int Count { get; private set; }

    public ReadOnlySpan<int> Rows => _rows.AsSpan(0, Count);

    public ReadOnlySpan<int> Tokens => _tokens.AsSpan(0, Count);

    public ReadOnlySpan<float> Repetitions => _repetitions.AsSpan(0, Count);

    public ReadOnlySpan<float> Biases => _biases.AsSpan(0, Count);

    public void Clear() => Count = 0;

    public void Add(int row, int token, float repetition, float bias)
    {
        if (Count == _rows.Length)
        {
            Array.Resize(ref _rows, Count * 2);
            Array.Resize(ref _tokens, Count * 2);
            Array.Resize(ref _repetitions, Count * 2);
            Array.Resize(ref _biases, Count * 2);
        }
        (_rows[Count], _tokens[Count], _repetitions[Count], _biases[Count]) = (row, token, repetition, bias);
        Count++;
    }
}
