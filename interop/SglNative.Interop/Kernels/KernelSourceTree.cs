namespace SglNative.Interop.Kernels;

/// <summary>A kernel file and every header it includes, directly or not.</summary>
/// <param name="Name">Path of the kernel file in its library.</param>
/// <param name="Text">Text of the kernel file.</param>
/// <param name="Headers">Path and text of each header, in the order in which they are met first.</param>
public sealed record KernelSourceTree(string Name, string Text, IReadOnlyList<KeyValuePair<string, string>> Headers)
{
    /// <summary>Collects the files of <paramref name="source"/>.</summary>
    /// <exception cref="KernelCompilationException">
    /// A file is not in the library, an include is circular or is not a plain file name.
    /// </exception>
    public static KernelSourceTree Collect(KernelSource source)
    {
        ArgumentNullException.ThrowIfNull(source);
        if (source.Instantiations.Count == 0) throw new KernelCompilationException(source.Name, "no instantiation is asked for");
        var text = source.Library.Find(source.Name)
            ?? throw new KernelCompilationException(source.Name, "there is no such file in the kernel library");
        var collector = new Collector(source);
        collector.Visit(source.Name, text);
        return new KernelSourceTree(source.Name, text, collector.Headers);
    }

    private sealed class Collector(KernelSource source)
    {
        private readonly List<string> _path = [];
        private readonly HashSet<string> _seen = new(StringComparer.Ordinal);

        public List<KeyValuePair<string, string>> Headers { get; } = [];

        public void Visit(string file, string text)
        {
            _path.Add(file);
            foreach (var include in IncludeScanner.Scan(text))
            {
                var at = $"{file}:{include.Line}: ";
                if (include.Path is not { } header)
                    throw new KernelCompilationException(source.Name, $"{at}#include must be followed by a file name in quotes");
                if (header.StartsWith('/') || header.Split('/').Contains("..", StringComparer.Ordinal))
                    throw new KernelCompilationException(source.Name, $"{at}\"{header}\" must be a path from the root of the kernel library");
                if (_path.Contains(header, StringComparer.Ordinal))
                    throw new KernelCompilationException(source.Name, $"{at}circular include: {string.Join(" -> ", _path)} -> {header}");
                if (!_seen.Add(header)) continue;
                var found = source.Library.Find(header) ?? throw new KernelCompilationException(source.Name,
                    $"{at}\"{header}\" is not in the kernel library; only its files can be included, by their path from its root");
                Visit(header, found);
                Headers.Add(new(header, found));
            }
            _path.RemoveAt(_path.Count - 1);
        }
    }
}
