using System.IO.Compression;
using System.Text.Json;

namespace SglNative.Interop.Kernels;

/// <summary>Writes a <see cref="KernelPack"/> from images that are there already.</summary>
public static class KernelPackWriter
{
    /// <summary>
    /// Writes the archive at <paramref name="path"/>, replacing one that is there. Every source has one instantiation and neither flags
    /// nor defines; <paramref name="kernels"/> pairs it with its image.
    /// </summary>
    public static void Write(string path, string compiler, IReadOnlyList<(KernelSource Source, KernelImage Image)> kernels)
    {
        ArgumentNullException.ThrowIfNull(kernels);
        var files = new SortedDictionary<string, string>(StringComparer.Ordinal);
        var entries = new List<KernelPackEntry>(kernels.Count);
        foreach (var (source, image) in kernels)
        {
            if (source.Instantiations.Count != 1 || source.Flags.Count > 0 || source.Defines.Count > 0)
                throw new ArgumentException($"{source.Name} has flags or several instantiations", nameof(kernels));
            var tree = KernelSourceTree.Collect(source);
            foreach (var (file, text) in tree.Headers.Prepend(new(tree.Name, tree.Text))) files[file] = KernelPack.Hash(text);
            var extension = image.Format == KernelImageFormat.Ptx ? "ptx" : "cubin";
            entries.Add(new(source.Name, source.Instantiations[0], image.Architecture, $"{image.Architecture}/{entries.Count:D5}.{extension}"));
        }
        // Under another name first: a pack beside the program is either whole or not there.
        var temporary = $"{path}.{Guid.NewGuid():N}";
        try
        {
            using (var archive = ZipFile.Open(temporary, ZipArchiveMode.Create))
            {
                using (var stream = archive.CreateEntry(KernelPackManifest.FileName).Open())
                    JsonSerializer.Serialize(stream, new KernelPackManifest(KernelPackManifest.CurrentLayout, compiler, files, entries), KernelPackJson.Default.KernelPackManifest);
                for (var i = 0; i < entries.Count; i++)
                {
                    using var stream = archive.CreateEntry(entries[i].Image).Open();
                    stream.Write(kernels[i].Image.Code.Span);
                }
            }
            File.Move(temporary, path, overwrite: true);
        }
        finally
        {
            File.Delete(temporary);
        }
    }
}
