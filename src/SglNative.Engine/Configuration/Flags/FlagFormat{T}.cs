namespace SglNative.Engine.Configuration.Flags;

/// <summary>How a kind of value is read from words and written as text.</summary>
/// <param name="Read">Reads the words; throws <see cref="FormatException"/> whose message says what is expected.</param>
/// <param name="Write">Writes a value as the help shows it.</param>
internal sealed record FlagFormat<T>(Func<IReadOnlyList<string>, T> Read, Func<T, string> Write);
