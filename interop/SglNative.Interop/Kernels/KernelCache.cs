using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using SglNative.Core;

namespace SglNative.Interop.Kernels;

/// <summary>
/// Compiled kernels on disk, one folder each, with the source and the compiler's log beside the image. Processes may share the
/// folder: an entry is made in a temporary folder and appears under its name in one step.
/// </summary>
public sealed class KernelCache
{
    private const string TemporaryFolder = ".tmp";
    // Devices of one process that need the same kernel at once: the second finds what the first has compiled.
    private static readonly ConcurrentDictionary<string, Lock> Compiling = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, Lazy<KernelImage>> _images = new(StringComparer.Ordinal);

    /// <summary>A cache in <paramref name="folder"/> (null: <see cref="KernelCacheFolder.Default"/>), which is created when needed.</summary>
    public KernelCache(string? folder = null) => Folder = Path.GetFullPath(folder ?? KernelCacheFolder.Default);

    /// <summary>Where the entries lie.</summary>
    public string Folder { get; }

    /// <summary>Number of sources this object had to compile, as opposed to those it found.</summary>
    public int CompiledCount => _compiledCount;
    private int _compiledCount;

    /// <summary>The image of <paramref name="source"/>, from the cache or else compiled by <paramref name="toolchain"/>.</summary>
    /// <exception cref="KernelCompilationException">The source does not compile.</exception>
    /// <exception cref="SglException">The cache folder cannot be written.</exception>
    public KernelImage GetOrCompile(KernelSource source, IKernelToolchain toolchain)
    {
        ArgumentNullException.ThrowIfNull(source);
        ArgumentNullException.ThrowIfNull(toolchain);
        var tree = KernelSourceTree.Collect(source);
        var key = KernelCacheKey.Compute(source, tree, toolchain);
        var image = _images.GetOrAdd(key, _ => new Lazy<KernelImage>(() => Find(key, source) ?? CompileOnce(key, source, tree, toolchain)));
        try
        {
            return image.Value;
        }
        catch
        {
            // A Lazy keeps its exception; the next attempt may find the disk writable.
            _images.TryRemove(new(key, image));
            throw;
        }
    }

    private KernelImage CompileOnce(string key, KernelSource source, KernelSourceTree tree, IKernelToolchain toolchain)
    {
        lock (Compiling.GetOrAdd(Path.Combine(Folder, key), _ => new Lock())) return Find(key, source) ?? Compile(key, source, tree, toolchain);
    }

    /// <summary>The entry called <paramref name="key"/>, or null when there is none or it is damaged.</summary>
    private KernelImage? Find(string key, KernelSource source)
    {
        var entry = Path.Combine(Folder, key);
        try
        {
            var manifest = JsonSerializer.Deserialize(
                File.ReadAllBytes(Path.Combine(entry, KernelCacheManifest.FileName)), KernelCacheJson.Default.KernelCacheManifest);
            if (manifest is null) return null;
            var path = Path.Combine(entry, ImageName(source, manifest.Format));
            var code = File.ReadAllBytes(path);
            if (Convert.ToHexStringLower(SHA256.HashData(code)) != manifest.ImageSha256) return null;
            return new KernelImage(manifest.Kernel, manifest.Format, manifest.Architecture, code, manifest.Symbols)
            {
                Path = path,
                Log = File.ReadAllText(Path.Combine(entry, KernelCacheManifest.LogName)),
            };
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or JsonException)
        {
            return null;
        }
    }

    private KernelImage Compile(string key, KernelSource source, KernelSourceTree tree, IKernelToolchain toolchain)
    {
        var temporary = Path.Combine(Folder, TemporaryFolder, Guid.NewGuid().ToString("N"));
        try
        {
            RemoveLeftovers();
            WriteSources(temporary, tree);
            Interlocked.Increment(ref _compiledCount);
            var image = toolchain.Compile(source, tree, temporary);
            WriteImage(temporary, image, toolchain, source);
            return Publish(temporary, key, source);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new SglException(
                $"cannot write the kernel cache {Folder}: {e.Message}; set {KernelCacheFolder.Variable} to a folder that can be written", e);
        }
        finally
        {
            RemoveFolder(temporary);
        }
    }

    /// <summary>Gives the finished entry its name. Whoever comes second uses the first one's entry.</summary>
    private KernelImage Publish(string temporary, string key, KernelSource source)
    {
        var entry = Path.Combine(Folder, key);
        for (var attempt = 0; ; attempt++)
        {
            try
            {
                Directory.Move(temporary, entry);
            }
            catch (IOException) when (attempt < 10 && Directory.Exists(entry))
            {
                // Somebody was faster, or a damaged entry is in the way: it is moved aside whole, again in one step.
                if (Find(key, source) is { } theirs) return theirs;
                MoveAside(entry);
                continue;
            }
            return Find(key, source) ?? throw new IOException($"{entry} was changed while it was written");
        }
    }

    private void MoveAside(string entry)
    {
        var aside = Path.Combine(Folder, TemporaryFolder, Guid.NewGuid().ToString("N"));
        try
        {
            Directory.Move(entry, aside);
        }
        catch (DirectoryNotFoundException)
        {
            return;
        }
        RemoveFolder(aside);
    }

    private static void WriteSources(string folder, KernelSourceTree tree)
    {
        foreach (var (path, text) in tree.Headers.Prepend(new(tree.Name, tree.Text)))
        {
            var file = Path.Combine(folder, path);
            Directory.CreateDirectory(Path.GetDirectoryName(file)!);
            Write(file, Encoding.UTF8.GetBytes(text));
        }
    }

    private static void WriteImage(string folder, KernelImage image, IKernelToolchain toolchain, KernelSource source)
    {
        var name = ImageName(source, image.Format);
        var code = image.Code.ToArray();
        Write(Path.Combine(folder, name), code);
        Write(Path.Combine(folder, KernelCacheManifest.LogName), Encoding.UTF8.GetBytes(image.Log));
        var manifest = new KernelCacheManifest(image.Name, toolchain.Identity, image.Architecture, image.Format, name,
            Convert.ToHexStringLower(SHA256.HashData(code)), toolchain.FlagsFor(source), image.Symbols);
        Write(Path.Combine(folder, KernelCacheManifest.FileName),
            JsonSerializer.SerializeToUtf8Bytes(manifest, KernelCacheJson.Default.KernelCacheManifest));
    }

    private static string ImageName(KernelSource source, KernelImageFormat format) => Path.ChangeExtension(source.Name, format switch
    {
        KernelImageFormat.Cubin => ".cubin",
        KernelImageFormat.Ptx => ".ptx",
        _ => ".so",
    });

    // Flushed to the disk: after a power cut the rename must not be there without the bytes.
    private static void Write(string file, byte[] bytes)
    {
        using var stream = File.Create(file);
        stream.Write(bytes);
        stream.Flush(flushToDisk: true);
    }

    // A process that was killed while it compiled leaves its temporary folder; no compilation takes a day.
    private void RemoveLeftovers()
    {
        var root = new DirectoryInfo(Path.Combine(Folder, TemporaryFolder));
        if (!root.Exists) return;
        foreach (var folder in root.GetDirectories())
            if (folder.LastWriteTimeUtc < DateTime.UtcNow.AddDays(-1)) RemoveFolder(folder.FullName);
    }

    private static void RemoveFolder(string folder)
    {
        try
        {
            if (Directory.Exists(folder)) Directory.Delete(folder, recursive: true);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // What remains lies in the temporary folder and is in nobody's way.
        }
    }
}
