using System.Globalization;
using System.IO.Compression;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using SglNative.Core;

namespace SglNative.Interop.Kernels;

/// <summary>
/// Kernels compiled ahead of time, in one zip archive. With one beside the program no compiler is needed. It counts only for the very
/// sources it was made from: a kernel whose file or headers differ from the program's own is not taken from it.
/// </summary>
public sealed partial class KernelPack : IDisposable
{
    /// <summary>The archive's name beside the program.</summary>
    public const string FileName = "sgl-native-kernels.zip";

    private const string Portable = "compute_";

    private readonly ZipArchive _archive;
    private readonly KernelPackManifest _manifest;
    private readonly Dictionary<(string File, string Instantiation, string Architecture), string> _images = [];
    private readonly Lock _gate = new();

    private KernelPack(string path, ZipArchive archive, KernelPackManifest manifest)
    {
        (Path, _archive, _manifest) = (path, archive, manifest);
        foreach (var kernel in manifest.Kernels) _images[(kernel.File, kernel.Instantiation, kernel.Architecture)] = kernel.Image;
        Architectures = [.. manifest.Kernels.Select(kernel => kernel.Architecture).Distinct().Order(StringComparer.Ordinal)];
    }

    /// <summary>Where it lies.</summary>
    public string Path { get; }

    /// <summary>Who compiled it.</summary>
    public string Compiler => _manifest.Compiler;

    /// <summary>What it was compiled for.</summary>
    public IReadOnlyList<string> Architectures { get; }

    /// <summary>Number of images.</summary>
    public int Count => _images.Count;

    /// <summary>The pack that <paramref name="options"/> name, else the one beside the program; null when there is none.</summary>
    /// <exception cref="SglException">The named one is not there, or it is no pack.</exception>
    public static KernelPack? Find(DeviceOptions options) => Find(options, AppContext.BaseDirectory);

    /// <summary>As <see cref="Find(DeviceOptions)"/>, of a program in <paramref name="folder"/>.</summary>
    internal static KernelPack? Find(DeviceOptions options, string folder)
    {
        ArgumentNullException.ThrowIfNull(options);
        if (options.KernelPack is { } named) return named.Length == 0 ? null : Open(named);
        var beside = System.IO.Path.Combine(folder, FileName);
        return File.Exists(beside) ? Open(beside) : null;
    }

    /// <summary>Opens a pack.</summary>
    /// <exception cref="SglException">It is not there or is no pack.</exception>
    public static KernelPack Open(string path)
    {
        ZipArchive? archive = null;
        try
        {
            archive = ZipFile.OpenRead(path);
            using var stream = archive.GetEntry(KernelPackManifest.FileName)?.Open() ?? throw new InvalidDataException($"it has no {KernelPackManifest.FileName}");
            var manifest = JsonSerializer.Deserialize(stream, KernelPackJson.Default.KernelPackManifest);
            if (manifest is not { Layout: KernelPackManifest.CurrentLayout, Files: not null, Kernels: not null, Compiler: not null })
                throw new InvalidDataException("its layout is of another version of sgl-native");
            return new KernelPack(path, archive, manifest);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or InvalidDataException or JsonException)
        {
            archive?.Dispose();
            throw new SglException($"the kernel pack {path} cannot be read: {e.Message}; build it again, or remove it to compile kernels when they are first used", e);
        }
    }

    /// <summary>
    /// What of it runs on a chip of compute capability <paramref name="capability"/> (90 for 9.0): its own machine code, else the newest
    /// portable code that is not newer; null when neither is there.
    /// </summary>
    public string? ArchitectureFor(int capability)
    {
        foreach (var own in (string[])[$"sm_{capability}a", $"sm_{capability}"])
            if (Architectures.Contains(own)) return own;
        return Architectures.Where(a => a.StartsWith(Portable, StringComparison.Ordinal) && int.TryParse(a.AsSpan(Portable.Length), out var from) && from <= capability)
            .OrderBy(a => int.Parse(a.AsSpan(Portable.Length), CultureInfo.InvariantCulture)).LastOrDefault();
    }

    /// <summary>The image of <paramref name="source"/>, or null with one line that says why it is not here.</summary>
    /// <exception cref="SglException">The archive is damaged.</exception>
    public KernelImage? Find(KernelSource source, string architecture, out string? reason)
    {
        ArgumentNullException.ThrowIfNull(source);
        reason = null;
        if (source.Instantiations.Count != 1 || source.Flags.Count > 0 || source.Defines.Count > 0)
            reason = $"{source.Name} is compiled with flags of its own, and a pack is not";
        else if (!_images.TryGetValue((source.Name, source.Instantiations[0], architecture), out var image))
            reason = $"{source.Instantiations[0]} of {source.Name} for {architecture} is not in the kernel pack {Path}";
        else if (WhatDiffers(KernelSourceTree.Collect(source)) is { } file)
            reason = $"the kernel pack {Path} was built from another {file} than this program";
        else
            return Read(source, architecture, image);
        return null;
    }

    /// <summary>Closes the archive.</summary>
    public void Dispose() => _archive.Dispose();

    private KernelImage Read(KernelSource source, string architecture, string image)
    {
        var name = source.Instantiations[0];
        try
        {
            var code = ReadEntry(image);
            var portable = architecture.StartsWith(Portable, StringComparison.Ordinal);
            var symbols = portable ? Entry().Matches(Encoding.UTF8.GetString(code)).Select(match => match.Groups[1].Value) : CubinReader.Read(code).Keys;
            var symbol = KernelSymbol.Find(name, symbols) ?? throw new InvalidDataException($"{image} does not hold {name}");
            // The driver reads PTX as text that ends with a zero.
            if (portable && code is not [.., 0]) code = [.. code, 0];
            return new KernelImage(source.Name, portable ? KernelImageFormat.Ptx : KernelImageFormat.Cubin, architecture, code,
                new Dictionary<string, string>(StringComparer.Ordinal) { [name] = symbol });
        }
        catch (Exception e) when (e is IOException or InvalidDataException)
        {
            throw new SglException($"the kernel pack {Path} is damaged: {e.Message}; build it again, or remove it to compile kernels when they are first used", e);
        }
    }

    // One stream serves all entries of an archive.
    private byte[] ReadEntry(string name)
    {
        lock (_gate)
        {
            using var stream = _archive.GetEntry(name)?.Open() ?? throw new InvalidDataException($"{name} is missing");
            using var bytes = new MemoryStream();
            stream.CopyTo(bytes);
            return bytes.ToArray();
        }
    }

    private string? WhatDiffers(KernelSourceTree tree)
    {
        foreach (var (file, text) in tree.Headers.Prepend(new(tree.Name, tree.Text)))
            if (!_manifest.Files.TryGetValue(file, out var hash) || !hash.Equals(Hash(text), StringComparison.OrdinalIgnoreCase)) return file;
        return null;
    }

    internal static string Hash(string text) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)));

    [GeneratedRegex(@"\.entry\s+([\w$]+)")]
    private static partial Regex Entry();
}
