namespace SglNative.Tokenizers.Text;

/// <summary>Keeps one object for reuse between calls; threads that find it taken make their own. Thread-safe.</summary>
internal sealed class Spare<T>(Func<T> create) where T : class
{
    private T? _spare;

    public T Take() => Interlocked.Exchange(ref _spare, null) ?? create();

    public void Return(T item) => _spare = item;
}
