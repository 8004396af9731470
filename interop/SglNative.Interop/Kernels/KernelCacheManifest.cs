using System.Text.Json.Serialization;

namespace SglNative.Interop.Kernels;

/// <summary>What a cache entry says of itself; written last, so an entry without it is half an entry.</summary>
internal sealed record KernelCacheManifest(
    string Kernel, string Toolchain, string Architecture, KernelImageFormat Format, string Image, string ImageSha256,
    IReadOnlyList<string> Flags, IReadOnlyDictionary<string, string> Symbols)
{
    public const string FileName = "manifest.json";
    public const string LogName = "compile.log";
}

[JsonSourceGenerationOptions(WriteIndented = true, UseStringEnumConverter = true)]
[JsonSerializable(typeof(KernelCacheManifest))]
internal sealed partial class KernelCacheJson : JsonSerializerContext;
