using System.Reflection;

namespace SglNative.Models;

/// <summary>Texts that travel inside an assembly: a chat template, a kernel's source.</summary>
public static class EmbeddedText
{
    /// <summary>The embedded resource whose logical name is <paramref name="name"/>, or the only one that ends in a dot or slash and the name.</summary>
    /// <exception cref="FileNotFoundException">There is no such resource; the message lists those there are.</exception>
    public static string Read(Assembly assembly, string name)
    {
        ArgumentNullException.ThrowIfNull(assembly);
        var names = assembly.GetManifestResourceNames();
        var found = Array.Find(names, one => one == name)
            ?? names.SingleOrDefault(one => one.EndsWith($".{name}", StringComparison.Ordinal) || one.EndsWith($"/{name}", StringComparison.Ordinal))
            ?? throw new FileNotFoundException($"{assembly.GetName().Name} has no embedded resource {name}; it has {(names.Length == 0 ? "none" : string.Join(", ", names))}");
        using var reader = new StreamReader(assembly.GetManifestResourceStream(found)!);
        return reader.ReadToEnd();
    }
}
