using System.Collections.Concurrent;
using System.Reflection;
using System.Runtime.InteropServices;

namespace SglNative.Interop.Libraries;

/// <summary>Which loaded library an import of this assembly means; an assembly can have but one resolver.</summary>
internal static class ImportResolver
{
    private static readonly ConcurrentDictionary<string, Func<nint>> Libraries = new(StringComparer.Ordinal);

    static ImportResolver() => NativeLibrary.SetDllImportResolver(typeof(ImportResolver).Assembly, Resolve);

    /// <summary>From now on imports of <paramref name="name"/> come from <paramref name="handle"/>.</summary>
    public static void Register(string name, nint handle) => Libraries[name] = () => handle;

    /// <summary>From now on imports of <paramref name="name"/> come from what <paramref name="find"/> returns when the first is used.</summary>
    public static void Register(string name, Func<nint> find) => Libraries[name] = find;

    private static nint Resolve(string name, Assembly assembly, DllImportSearchPath? searchPath) => Libraries.TryGetValue(name, out var find) ? find() : 0;
}
