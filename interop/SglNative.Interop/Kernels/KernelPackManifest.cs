using System.Text.Json.Serialization;

namespace SglNative.Interop.Kernels;

/// <summary>What a pack says of itself, as its first entry; CMakeLists.txt writes the same.</summary>
/// <param name="Layout">Version of this record.</param>
/// <param name="Compiler">Who compiled it: <c>nvcc 12.4.131</c>.</param>
/// <param name="Files">SHA-256 of each source file it was compiled from.</param>
/// <param name="Kernels">The images.</param>
internal sealed record KernelPackManifest(
    int Layout, string Compiler, IReadOnlyDictionary<string, string> Files, IReadOnlyList<KernelPackEntry> Kernels)
{
    public const string FileName = "pack.json";
    public const int CurrentLayout = 1;
}

/// <summary>One kernel for one architecture.</summary>
/// <param name="File">Source file, from the root of the kernels.</param>
/// <param name="Instantiation">The C++ expression.</param>
/// <param name="Architecture"><c>sm_90a</c>, or <c>compute_90</c> for PTX.</param>
/// <param name="Image">The entry of the archive that holds it.</param>
internal sealed record KernelPackEntry(string File, string Instantiation, string Architecture, string Image);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(KernelPackManifest))]
internal sealed partial class KernelPackJson : JsonSerializerContext;
