using System.Security.Cryptography;
using System.Text;

namespace SglNative.Interop.Kernels;

/// <summary>The name of a cache entry: two compilations with one key give the same image.</summary>
internal static class KernelCacheKey
{
    // Raised when the layout of an entry changes.
    private const string Layout = "sgl-native kernel cache 1";

    /// <summary>A folder name: the kernel's own, readable, and a hash over everything that can change the image.</summary>
    public static string Compute(KernelSource source, KernelSourceTree tree, IKernelToolchain toolchain)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        void Add(string part)
        {
            // Each part is preceded by its length, so that no two lists of parts run into the same bytes.
            var bytes = Encoding.UTF8.GetBytes(part);
            hash.AppendData(BitConverter.GetBytes(bytes.Length));
            hash.AppendData(bytes);
        }
        void AddAll(IReadOnlyCollection<string> parts)
        {
            hash.AppendData(BitConverter.GetBytes(parts.Count));
            foreach (var part in parts) Add(part);
        }

        Add(Layout);
        Add(toolchain.Identity);
        Add(toolchain.Architecture);
        AddAll(toolchain.FlagsFor(source));
        AddAll([.. source.Defines.OrderBy(define => define.Key, StringComparer.Ordinal).Select(define => $"{define.Key}={define.Value}")]);
        AddAll(source.Instantiations);
        Add(tree.Name);
        Add(tree.Text);
        AddAll([.. tree.Headers.SelectMany(header => new[] { header.Key, header.Value })]);
        return $"{ReadableName(tree.Name)}-{Convert.ToHexStringLower(hash.GetHashAndReset().AsSpan(0, 12))}";
    }

    private static string ReadableName(string name)
    {
        var letters = Path.ChangeExtension(name, null).Select(c => char.IsAsciiLetterOrDigit(c) ? c : '_').ToArray();
        return new string(letters, 0, Math.Min(letters.Length, 64));
    }
}
